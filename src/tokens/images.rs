//! Tokens of a picture, of which only the wish for detail is known here, not the size.
//!
//! So every figure is an interval over all sizes; nothing is fetched or decoded.

use serde_json::Value;

/// An interval of tokens, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// Fewest.
    pub low: u64,
    /// Most.
    pub high: u64,
}

impl std::ops::Add for Span {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { low: self.low + other.low, high: self.high + other.high }
    }
}

/// How a model counts pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Images {
    /// It takes none.
    None,
    /// No figure is published: anything between nothing and the widest that is.
    Unpublished,
    /// Every picture is as many tokens.
    Fixed {
        /// Tokens of a picture.
        tokens: u64,
    },
    /// A base and a price for each tile of 512 × 512 pixels.
    Tiles {
        /// Tokens of any picture, and all of one wanted in low detail.
        base: u64,
        /// Tokens a tile.
        tile: u64,
    },
    /// Patches of 32 × 32 pixels, each this many hundredths of a token, whatever detail is wanted.
    Patches {
        /// Hundredths of a token a patch.
        hundredths: u64,
    },
}

/// A picture is first fitted into 2,048 × 2,048 pixels and its shorter side then reduced to 768: 4 × 2 tiles at most.
const TILES_MAX: u64 = 8;
/// Larger pictures are scaled down to this many patches.
const PATCHES_MAX: u64 = 1_536;

impl Images {
    /// The gpt-4o and gpt-4.1 scheme (<https://platform.openai.com/docs/guides/images-vision>; measured on the API in
    /// <https://community.openai.com/t/1262691>).
    pub const TILES: Self = Self::Tiles { base: 85, tile: 170 };
    /// The same scheme with the figures of gpt-4o-mini (measured on the API, same thread).
    pub const TILES_OF_4O_MINI: Self = Self::Tiles { base: 2_833, tile: 5_667 };

    /// The scheme of gpt-4.1-mini (162) and gpt-4.1-nano (246; <https://community.openai.com/t/1377015>, where
    /// `detail` was seen to change nothing).
    pub(super) const fn patches(hundredths: u64) -> Self {
        Self::Patches { hundredths }
    }

    /// Tokens of an `image_url` part.
    pub fn of_part(self, part: &Value) -> Span {
        let detail = part.pointer("/image_url/detail").and_then(Value::as_str);
        match self {
            Self::None => Span::default(),
            Self::Unpublished => Span { low: 0, high: Self::TILES_OF_4O_MINI.of_part(&Value::Null).high },
            Self::Fixed { tokens } => Span { low: tokens, high: tokens },
            Self::Tiles { base, .. } if detail == Some("low") => Span { low: base, high: base },
            Self::Tiles { base, tile } => {
                // `auto`, and no wish at all, may be served in low detail; `high` is one tile at least.
                let tiles_min = u64::from(detail == Some("high"));
                Span { low: base + tile * tiles_min, high: base + tile * TILES_MAX }
            }
            Self::Patches { hundredths } => {
                Span { low: hundredths.div_ceil(100), high: (hundredths * PATCHES_MAX).div_ceil(100) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_low_detail_is_certain() {
        let part = |detail: &str| json!({"type": "image_url", "image_url": {"url": "x", "detail": detail}});
        assert_eq!(Images::TILES.of_part(&part("low")), Span { low: 85, high: 85 });
        assert_eq!(Images::TILES.of_part(&part("auto")), Span { low: 85, high: 1_445 });
        assert_eq!(Images::TILES.of_part(&part("high")), Span { low: 255, high: 1_445 });
        assert_eq!(Images::TILES.of_part(&json!({"image_url": 3})), Span { low: 85, high: 1_445 });
        // As wide as the widest: 2,833 and eight tiles of 5,667.
        assert_eq!(Images::Unpublished.of_part(&part("low")), Span { low: 0, high: 48_169 });
        // 2,488 were billed for the largest picture (community.openai.com/t/1281361).
        assert_eq!(Images::patches(162).of_part(&part("low")), Span { low: 2, high: 2_489 });
    }
}
