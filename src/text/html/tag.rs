//! The vocabulary of HTML, as far as the renderer tells elements apart.

/// What an element means for plain text.
///
/// Elements that render alike share a word; [`Tag::COUNT`] bounds the table of open elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// `a`
    Link,
    /// `blockquote`
    Blockquote,
    /// `br`
    Break,
    /// `td`, `th`
    Cell,
    /// `code`, `kbd`, `samp`, `tt`
    Code,
    /// `div`
    Div,
    /// Elements whose content is never shown: `script`, `style`, `title`, `svg`, …
    Dropped,
    /// `hr`
    Rule,
    /// `img`
    Image,
    /// `li`
    Item,
    /// Elements that begin and end a line and nothing else: `dt`, `option`, `tbody`, …
    Line,
    /// `ol`
    Ordered,
    /// `p`, `h1` to `h6`
    Paragraph,
    /// `pre`, `xmp`, `listing`
    Pre,
    /// `tr`
    Row,
    /// `section`, `article`, `form`, … : containers like `div`
    Section,
    /// `q`
    Quotation,
    /// `span`
    Span,
    /// `table`
    Table,
    /// `ul`, `menu`, `dir`
    Unordered,
    /// Known elements inside a line that change nothing: `b`, `font`, `label`, …
    Inline,
    /// Known elements without content or display: `meta`, `link`, `wbr`, `input`, …
    Nothing,
    /// Everything else.
    Unknown,
}

impl Tag {
    /// How many kinds there are.
    pub const COUNT: usize = Self::Unknown as usize + 1;

    /// The meaning of an element's name, which is in lower case.
    pub fn of(name: &[u8]) -> Self {
        match name {
            b"a" => Self::Link,
            b"blockquote" => Self::Blockquote,
            b"br" => Self::Break,
            b"td" | b"th" => Self::Cell,
            b"code" | b"kbd" | b"samp" | b"tt" => Self::Code,
            b"div" => Self::Div,
            b"script" | b"style" | b"title" | b"svg" | b"template" | b"iframe" | b"noembed" | b"noframes"
            | b"audio" | b"video" | b"canvas" | b"datalist" | b"xml" => Self::Dropped,
            b"hr" => Self::Rule,
            b"img" => Self::Image,
            b"li" => Self::Item,
            b"dt" | b"dd" | b"option" | b"optgroup" | b"select" | b"textarea" | b"caption" | b"thead"
            | b"tbody" | b"tfoot" | b"legend" | b"summary" | b"figcaption" | b"html" | b"head" | b"body" => {
                Self::Line
            }
            b"ol" => Self::Ordered,
            b"p" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => Self::Paragraph,
            b"pre" | b"xmp" | b"listing" => Self::Pre,
            b"tr" => Self::Row,
            b"address" | b"article" | b"aside" | b"center" | b"details" | b"dialog" | b"dl" | b"fieldset"
            | b"figure" | b"footer" | b"form" | b"header" | b"hgroup" | b"main" | b"nav" | b"section"
            | b"search" => Self::Section,
            b"q" => Self::Quotation,
            b"span" => Self::Span,
            b"table" => Self::Table,
            b"ul" | b"menu" | b"dir" => Self::Unordered,
            b"abbr" | b"acronym" | b"b" | b"bdi" | b"bdo" | b"big" | b"button" | b"cite" | b"data"
            | b"del" | b"dfn" | b"em" | b"font" | b"i" | b"ins" | b"label" | b"mark" | b"noscript"
            | b"object" | b"output" | b"rp" | b"rt" | b"ruby" | b"s" | b"small" | b"strike" | b"strong"
            | b"sub" | b"sup" | b"time" | b"u" | b"var" => Self::Inline,
            b"area" | b"base" | b"col" | b"colgroup" | b"embed" | b"input" | b"link" | b"map" | b"meta"
            | b"param" | b"picture" | b"source" | b"track" | b"wbr" => Self::Nothing,
            _ => Self::Unknown,
        }
    }

    /// Whether the element stands on lines of its own, so that an end tag inside a line cannot reach past it.
    pub fn is_block(self) -> bool {
        matches!(
            self,
            Self::Blockquote
                | Self::Cell
                | Self::Div
                | Self::Item
                | Self::Ordered
                | Self::Paragraph
                | Self::Pre
                | Self::Row
                | Self::Section
                | Self::Table
                | Self::Unordered
        )
    }
}
