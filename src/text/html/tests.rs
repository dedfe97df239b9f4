//! What HTML reads as.

use proptest::prelude::*;

use super::*;

fn assert_reads(cases: &[(&str, &str)]) {
    for (html, text) in cases {
        assert_eq!(to_text(html), *text, "{html}");
    }
}

#[test]
fn lines_and_paragraphs() {
    assert_reads(&[
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<p>a<br></p><p>b</p>", "a\n\nb"),
        ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
        ("<div>a<br></div>b", "a\nb"),
        ("a<br><br><br><br>b", "a\n\nb"),
        ("<p class=\"no-margin\">a</p><p class=\"no-margin\">b</p>", "a\nb"),
        ("<p class=MsoNormal>a</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>b</p>", "a\n\nb"),
        ("<p style='margin:0cm 0cm 0pt'>a</p><p style='margin:0cm'>b</p>", "a\nb"),
        ("<p style='margin:0 0 10px'>a</p>b", "a\n\nb"),
        ("<h2>Title</h2>text", "Title\n\ntext"),
        ("a<hr>b", "a\n---\nb"),
        ("<br><p></p>", ""),
        ("", ""),
    ]);
}

#[test]
fn white_space_is_that_of_a_browser() {
    assert_reads(&[
        ("  a \n\t b  <b> c</b> ", "a b c"),
        ("a <br> b", "a\nb"),
        ("a&nbsp;&nbsp;b&nbsp;", "a  b"),
        ("a\u{a0}b ©\u{a0}é", "a b © é"),
        ("<b>a</b> <i>b</i>", "a b"),
        ("a<b> </b>b", "a b"),
        ("a\r\nb\rc", "a b c"),
        ("<div style=\"white-space: pre-wrap\">a\n  b</div> c  d", "a\n  b\nc d"),
        ("a\0b", "ab"),
    ]);
}

#[test]
fn entities_are_decoded_once() {
    assert_reads(&[
        ("it&#39;s &lt;b&gt; &amp;amp; &hellip; &#128512; &copy", "it's <b> &amp; … 😀 ©"),
        ("&notanentity; AT&T", "¬anentity; AT&T"),
        ("<a href=\"https://a.example/?x=1&amp;y=2&copy=3\">l</a>", "[l](https://a.example/?x=1&y=2&copy=3)"),
    ]);
}

#[test]
fn lists_nest_and_count() {
    assert_reads(&[
        ("Steps:<ul><li>a</li><li>b</li></ul>then", "Steps:\n\n- a\n- b\n\nthen"),
        ("<ol start=3><li>a<li>b<li value=9>c<li>d</ol>", "3. a\n4. b\n9. c\n10. d"),
        ("<ol><li>a<ul><li>b<br>c</li></ul></li><li>d</li></ol>", "1. a\n   - b\n     c\n2. d"),
        ("<ul><li><p>a</p></li><li><p>b</p><p>c</p></li></ul>", "- a\n- b\n\n  c"),
        ("<ul><li></li><li>a</li></ul>", "- a"),
        ("<ul><ul><li>a</li></ul></ul>", "- a"),
        ("<ul><li><ul><li>a</ul></ul>", "- - a"),
        ("<li>a", "- a"),
        ("<ol start=x><li>a</ol>", "1. a"),
        ("<ol start=9223372036854775807><li>a<li>b</ol>", "9223372036854775807. a\n9223372036854775807. b"),
    ]);
}

#[test]
fn links_keep_their_address() {
    assert_reads(&[
        ("see <a href=https://a.example/x>the page</a>.", "see [the page](https://a.example/x)."),
        ("<a href='https://a.example/'>a.example</a>", "a.example"),
        ("<a href='mailto:k@a.example'>k@a.example</a>", "k@a.example"),
        ("<a href='#x'>top</a> <a name=x>here</a>", "top here"),
        ("<a href=https://a.example><img src=x></a>", ""),
        ("<a href=https://a.example><img src=x alt='our shop'></a>", "[our shop](https://a.example)"),
        ("a<a href=https://a.example> b </a>c", "a [b](https://a.example) c"),
        ("<a href=https://a.example><div>b</div><div>c</div></a>", "b\nc (https://a.example)"),
        ("<a href=https://a.example>b<div>c</a>d</div>e", "b\nc (https://a.example)d\ne"),
        (
            "<a href=https://a.example>b<a href=https://b.example>c</a>",
            "[b](https://a.example)[c](https://b.example)",
        ),
        ("<a href=https://a.example><code>b</code></a>", "[`b`](https://a.example)"),
    ]);
}

#[test]
fn code_keeps_its_space() {
    assert_reads(&[
        ("run <code>ls  -l</code> now", "run `ls -l` now"),
        ("<code>a`b</code> <code>`c`</code> <code></code>", "``a`b`` `` `c` ``"),
        ("x<pre>\n  if a:\n\n\tb\n</pre>y", "x\n\n```\n  if a:\n\n\tb\n```\n\ny"),
        ("<pre><code class=\"hljs language-py\">a &lt; b</code></pre>", "```py\na < b\n```"),
        ("<pre>```</pre>", "````\n```\n````"),
        ("<ul><li><pre>a\nb</pre></li></ul>", "- ```\n  a\n  b\n  ```"),
        ("<code>a<br>b</code>", "```\na\nb\n```"),
        ("see <code>a<br>b</code>", "see `a\nb`"),
        ("<pre wrap=\"\">Hi,\n  Ana</pre>", "Hi,\n  Ana"),
        ("<pre><a href=https://a.example>x</a></pre>", "```\nx\n```"),
        ("<pre></pre>a", "a"),
    ]);
}

#[test]
fn tables_are_rows() {
    assert_reads(&[
        ("<table><tr><th>Item<th>Price<tr><td>Cup<td>5</table>", "Item | Price\nCup | 5"),
        ("<table><tr><td><p>a</p></td><td><p class=MsoNormal>b</p></td></tr></table>c", "a | b\nc"),
        ("<table><tr><td>a</td><td></td><td>b</td><td></td></tr></table>", "a |  | b"),
        ("<table><tr><td>&nbsp;</td><td>a</td></tr></table>", "a"),
        ("<table><tr><td>a<br>b</td><td>c</td></tr></table>", "a\nb\nc"),
        ("<table><td>a<td>b<tr><td>c</table>d", "a | b\nc\nd"),
        ("<table><tr><td><table><tr><td>a</td></tr><tr><td>b</td></tr></table></td></tr></table>", "a\nb"),
        ("<table><tr><td>a</div>b</td></tr></table>", "ab"),
    ]);
}

#[test]
fn pictures_are_their_text() {
    assert_reads(&[
        ("ok <img class=emoji alt='🙂' src=x>", "ok 🙂"),
        ("a<img src=x>b<img alt='image001.png'>c<img alt='IMG_1.JPEG'>", "abc"),
        ("a<img width=1 height=1 alt=pixel src=x>", "a"),
        ("a<img style='display:none' alt=x>", "a"),
    ]);
}

#[test]
fn quotations_are_marked() {
    assert_reads(&[
        ("a<blockquote>b<br>c<p>d</blockquote>e", "a\n\n> b\n> c\n>\n> d\n\ne"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n>\n> > b"),
        (
            "ok<div class=gmail_quote><div class=gmail_attr>On Monday Kim wrote:</div><blockquote>old</blockquote></div>",
            "ok\n\n>\n> On Monday Kim wrote:\n> old",
        ),
        (
            "ok<div class=freshdesk_quote><blockquote class=freshdesk_quote>old</blockquote></div>",
            "ok\n\n>\n> old",
        ),
        ("ok<div class=x_gmail_quote>old</div>new", "ok\n\n>\n> old\nnew"),
        ("ok<div class=gmail_quote>a<div class=gmail_quote>b</div></div>", "ok\n\n>\n> a\n>\n> > b"),
        ("ok<div class=gmail_quote></div><blockquote>b</blockquote>", "ok\n\n> b"),
        ("<ul><li><div class=gmail_quote>a<br>b</div></ul>", "- > a\n  > b"),
        ("<ul><li><blockquote>a</blockquote>b</li></ul>", "- > a\n\n  b"),
        ("<blockquote><ul><li>a<br>b</ul></blockquote>", "> - a\n>   b"),
        ("<blockquote style='margin:0 0 0 40px;border:none;padding:0px'>mine</blockquote>", "mine"),
        ("<blockquote><pre>a\nb</pre></blockquote>", "> ```\n> a\n> b\n> ```"),
    ]);
}

#[test]
fn outlook_quotes_to_the_end() {
    assert_reads(&[
        (
            "<div>ok</div><hr><div id=divRplyFwdMsg>From: Kim</div><div>old</div>",
            "ok\n---\n\n>\n> From: Kim\n> old",
        ),
        (
            "<div><p>ok</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p>From: Kim</p></div></div>\
             <p>old</p></div>tail",
            "ok\n\n>\n> From: Kim\n>\n> old\n\ntail",
        ),
        (
            "<div>ok</div><span id=OLK_SRC_BODY_SECTION><div>From: Kim</div><div>old</div></span>",
            "ok\n\n>\n> From: Kim\n> old",
        ),
        ("<td>ok<div id=x_divRplyFwdMsg>a</div>b</td><td>c", "ok\n\n>\n> a\n> b\nc"),
    ]);
}

#[test]
fn what_nobody_saw_is_left_out() {
    assert_reads(&[
        ("<head><title>t</title><style>p{}</style></head><script>if (a<b) '</p>'</script>a", "a"),
        ("<div style='display: none !important'>pre<b>head<div>er</div></div>a", "a"),
        ("<font style='DISPLAY:none'>x<b>y</b>z</font>a<span hidden>b</span>c", "ac"),
        ("<p style='visibility:hidden'>x<p>a", "a"),
        (
            "<!-- c --><!--[if mso]><p>x</p><![endif]-->a<!--[if !mso]><!-->b<!--<![endif]--><![if !x]>c<![endif]>",
            "abc",
        ),
        ("<svg><title>x</title><path/></svg>a<svg/>b<xml><w:View>x</w:View></xml>", "ab"),
        ("a<span style='display:none;'><ul><li>x</ul><blockquote>y</blockquote></span>b", "ab"),
    ]);
}

#[test]
fn soup_is_read_as_browsers_do() {
    assert_reads(&[
        ("<b>a<i>b</b>c</i></div></td></p>d", "abc\n\nd"),
        ("<div>a<span>b</div>c</span>d", "ab\ncd"),
        ("<at id=0>Kim</at> <o:p></o:p><nick>x", "Kim x"),
        (
            "write <ana@shop.example> or <https://shop.example/x>",
            "write <ana@shop.example> or <https://shop.example/x>",
        ),
        ("a < b and <c", "a < b and <c"),
        ("1 <b and 2", "1 <b and 2"),
        ("cut <a href=\"https://shop.exa", "cut"),
        ("cut <div", "cut"),
        ("<systemEventMessage/>", ""),
        ("<textarea>a</b></textarea>b", "a</b>\nb"),
        ("<![CDATA[x]]>a", "a"),
        ("<q>a</q>", "\"a\""),
    ]);
}

#[test]
fn depth_and_size_cost_nothing() {
    let deep = 100_000;
    for tag in [
        "div",
        "b",
        "blockquote",
        "ul><li",
        "table><tr><td",
        "span",
        "a href=https://x.example",
        "pre",
        "code",
    ] {
        let deep = if tag == "div" { deep } else { deep / 10 };
        let mut html = format!("<{tag}>x").repeat(deep);
        html.push_str(&"</b></div></li></i></table>".repeat(deep));
        let text = to_text(&html);
        assert!(text.contains('x') && text.len() < 200 * deep, "{tag}: {}", text.len());
    }
    let hidden = "<div hidden>".repeat(deep);
    assert_eq!(to_text(&format!("a{hidden}b")), "a");
    let long = "x".repeat(1 << 18);
    assert_eq!(
        to_text(&format!("<p {long}='{long}' class='{long}' {long}>a</p><{long}>b</{long}>")),
        "a\n\nb"
    );
    let many = format!("<div id=divRplyFwdMsg>{}", "<div id=divRplyFwdMsg></div>".repeat(deep));
    assert_eq!(to_text(&many), "");
}

#[test]
fn html_is_told_from_text() {
    for html in [
        "a<br>b",
        "a<BR />b",
        "<p>a",
        "<b>x</b>",
        "<a href=\"x\">",
        "<!DOCTYPE html>",
        "<!-- x -->",
        "x</div>",
        "<img src=x>",
        "<span style='x'>",
        "Hello<br>",
        "<td\nclass=x>",
        "<i class='x'",
    ] {
        assert!(looks_like_html(html), "{html}");
    }
    for text in [
        "",
        "a < b",
        "a <b and c> d",
        "<nick> hi",
        "<b> hi",
        "<kim@a.example>",
        "<https://a.example>",
        "Vec<P>",
        "Map<String, Vec<Table>>",
        "<U123>",
        "<@U123>",
        "<!here>",
        "</sarcasm>",
        "<3",
        "&lt;br&gt;",
        "if a<p && c>d",
        "<p, q>",
        "<link>",
        "<title>",
        "x <a",
        "<",
        "</",
        "<name>",
        "<!channel>",
    ] {
        assert!(!looks_like_html(text), "{text}");
    }
}

proptest! {
    #[test]
    fn any_input_is_read(html in "(<[a-z/]{1,3}( [a-z]{1,5}=\"?)?>|</?(div|p|b|ul|ol|li|a href=//x|pre|code|blockquote|table|tr|td|span hidden|br)>|[ a<>&\n`é\u{a0}]){0,60}") {
        let text = to_text(&html);
        prop_assert_eq!(text.trim_end(), &text);
        prop_assert!(!text.contains('\r'));
    }

    #[test]
    fn escaped_text_comes_back(text in "[ -~é漢]{0,80}") {
        let html = text.replace('&', "&amp;").replace('<', "&lt;").replace(' ', "&nbsp;");
        prop_assert_eq!(to_text(&html), text.trim_end());
    }

    #[test]
    fn words_outlive_every_tag(tags in proptest::collection::vec("</?(div|p|b|ul|ol|li|a href=//x|pre|code|blockquote|table|tr|td|span|q|h1|dd)>", 0..40)) {
        let parts: Vec<String> = tags.iter().enumerate().map(|(number, tag)| format!("{tag}w{number}w")).collect();
        let html = parts.concat();
        let text = to_text(&html);
        let mut at = 0;
        for number in 0..tags.len() {
            let word = format!("w{number}w");
            let found = text[at..].find(&word);
            prop_assert!(found.is_some(), "{} missing in {:?} of {:?}", word, text, html);
            at += found.unwrap() + word.len();
        }
    }
}
