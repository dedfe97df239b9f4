//! What surrounds the words of a mail: quoted earlier mail, signatures, paragraphs about secrecy. Pure functions of a text,
//! for the mendings that cut it and the rules that complain about it: comments of help desks are mails too.

pub mod disclaimer;
pub mod quotation;
pub mod signature;
mod words;
