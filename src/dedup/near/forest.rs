//! Union-find: what is joined, without saying how.

/// Trees of numbers.
pub(super) struct Forest {
    parent: Vec<u32>,
}

impl Forest {
    /// So many numbers, each alone.
    pub(super) fn new(count: u32) -> Self {
        Self { parent: (0..count).collect() }
    }

    /// The smallest number that `of` is joined with. The tree stays as it is, so that many threads may ask.
    pub(super) fn root(&self, of: u32) -> u32 {
        let mut at = of;
        while self.parent[at as usize] != at {
            at = self.parent[at as usize];
        }
        at
    }

    /// Joins two numbers; false when they were joined already.
    pub(super) fn join(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.shorten(a), self.shorten(b));
        self.parent[a.max(b) as usize] = a.min(b);
        a != b
    }

    /// The root, with the way to it made short for the next time.
    fn shorten(&mut self, of: u32) -> u32 {
        let root = self.root(of);
        let mut at = of;
        while at != root {
            at = std::mem::replace(&mut self.parent[at as usize], root);
        }
        root
    }
}
