//! The phrases, by what they mean and by language.
//!
//! Rows marked `sure` were seen in exports or in parsers of exports that quote them; the others are the words of the
//! translated apps as far as known, and do no harm where they are wrong, since only a whole message matches.

use crate::model::Event;

/// Messages that stand for a file which the export leaves out.
pub(super) const MEDIA: &[&str] = &[
    // English, sure: Android, then iOS.
    "<Media omitted>",
    "image omitted",
    "video omitted",
    "audio omitted",
    "sticker omitted",
    "GIF omitted",
    "document omitted",
    "Contact card omitted",
    "video note omitted",
    // What Android writes for what it cannot write, in all languages; sure.
    "null",
    // German, sure.
    "<Medien ausgeschlossen>",
    "<Medien weggelassen>",
    "Bild weggelassen",
    "Video weggelassen",
    "Audio weggelassen",
    "Sticker weggelassen",
    "GIF weggelassen",
    "Dokument weggelassen",
    "Kontaktkarte ausgelassen",
    // Spanish, sure.
    "<Multimedia omitido>",
    "<Archivo omitido>",
    "imagen omitida",
    "Video omitido",
    "video omitido",
    "audio omitido",
    "sticker omitido",
    "GIF omitido",
    "documento omitido",
    "Tarjeta de contacto omitida",
    // Portuguese, sure for Android.
    "<Mídia oculta>",
    "<Arquivo de mídia oculto>",
    "<Ficheiro não revelado>",
    "imagem ocultada",
    "imagem omitida",
    "vídeo omitido",
    "vídeo ocultado",
    "áudio ocultado",
    "áudio omitido",
    "figurinha omitida",
    "Cartão do contato omitido",
    // French, sure.
    "<Médias omis>",
    "image absente",
    "vidéo absente",
    "audio omis",
    "sticker omis",
    "GIF retiré",
    "document omis",
    "Fiche contact omise",
    // Italian, sure.
    "<Media omessi>",
    "immagine omessa",
    "video omesso",
    "audio omesso",
    "sticker non incluso",
    "GIF esclusa",
    "documento omesso",
    "Scheda contatto omessa",
    // Dutch, sure for Android.
    "<Media weggelaten>",
    "afbeelding weggelaten",
    "video weggelaten",
    "audio weggelaten",
    "sticker weggelaten",
    "GIF weggelaten",
    "document weggelaten",
    "Contactkaart weggelaten",
    // Turkish.
    "<Medya dahil edilmedi>",
    "<Medya atlanmış>",
    "görüntü dahil edilmedi",
    "video dahil edilmedi",
    "ses dahil edilmedi",
    "Çıkartma dahil edilmedi",
    "GIF dahil edilmedi",
    "belge dahil edilmedi",
    // Indonesian.
    "<Media tidak disertakan>",
    "gambar tidak disertakan",
    "video tidak disertakan",
    "audio tidak disertakan",
    "stiker tidak disertakan",
    "GIF tidak disertakan",
    "dokumen tidak disertakan",
    // Arabic.
    "<تم استبعاد الوسائط>",
    // Hindi.
    "<मीडिया के बिना>",
    // Russian, sure for Android.
    "<Без медиафайлов>",
    "<Медиа пропущены>",
    "<Файл пропущен>",
    "изображение отсутствует",
    "видео отсутствует",
    "аудиофайл отсутствует",
    "стикер отсутствует",
    "документ отсутствует",
    // Chinese.
    "<省略多媒体文件>",
    "<媒体文件已省略>",
    "<已忽略多媒體檔>",
    "<媒體已略去>",
    "圖片已略去",
    "影片已略去",
    "音訊已略去",
    "貼圖已忽略",
    // Japanese.
    "<メディアは含まれていません>",
    "<メディア除外>",
];

/// Messages that stand where one was taken back; the full stop that some versions write is cut before the look-up.
pub(super) const DELETED: &[&str] = &[
    // English, sure.
    "This message was deleted",
    "You deleted this message",
    // German, sure.
    "Diese Nachricht wurde gelöscht",
    "Du hast diese Nachricht gelöscht",
    // Spanish, sure.
    "Se eliminó este mensaje",
    "Este mensaje fue eliminado",
    "Eliminaste este mensaje",
    // Portuguese, sure.
    "Mensagem apagada",
    "Essa mensagem foi apagada",
    "Esta mensagem foi apagada",
    "Você apagou esta mensagem",
    "Você apagou essa mensagem",
    // French, sure.
    "Ce message a été supprimé",
    "Vous avez supprimé ce message",
    // Italian, sure.
    "Questo messaggio è stato eliminato",
    "Hai eliminato questo messaggio",
    // Dutch, sure.
    "Dit bericht is verwijderd",
    "Je hebt dit bericht verwijderd",
    "U hebt dit bericht verwijderd",
    // Turkish.
    "Bu mesaj silindi",
    "Bu mesajı sildiniz",
    // Indonesian.
    "Pesan ini telah dihapus",
    "Pesan ini dihapus",
    "Anda telah menghapus pesan ini",
    "Anda menghapus pesan ini",
    // Arabic.
    "تم حذف هذه الرسالة",
    "لقد حذفت هذه الرسالة",
    // Hindi.
    "यह मैसेज मिटा दिया गया है",
    "यह संदेश हटा दिया गया था",
    "आपने यह मैसेज मिटाया",
    // Russian.
    "Данное сообщение удалено",
    "Вы удалили данное сообщение",
    "Сообщение удалено",
    // Chinese.
    "此消息已被删除",
    "您已删除此消息",
    "你已删除此消息",
    "此訊息已刪除",
    "此訊息已被刪除",
    "您已刪除此訊息",
    // Japanese.
    "このメッセージは削除されました",
    "このメッセージを削除しました",
];

/// Messages about a call that did not come about.
pub(super) const MISSED_CALL: &[&str] = &[
    // English, sure.
    "Missed voice call",
    "Missed video call",
    "Missed group voice call",
    "Missed group video call",
    // German, sure.
    "Verpasster Sprachanruf",
    "Verpasster Videoanruf",
    // Spanish, sure.
    "Llamada perdida",
    "Llamada de voz perdida",
    "Videollamada perdida",
    // Portuguese.
    "Chamada de voz perdida",
    "Chamada de vídeo perdida",
    "Ligação de voz perdida",
    "Ligação de vídeo perdida",
    // French.
    "Appel vocal manqué",
    "Appel vidéo manqué",
    // Italian.
    "Chiamata persa",
    "Chiamata vocale persa",
    "Videochiamata persa",
    // Dutch.
    "Gemiste spraakoproep",
    "Gemiste video-oproep",
    "Gemist spraakgesprek",
    "Gemist videogesprek",
    // Turkish.
    "Cevapsız sesli arama",
    "Cevapsız görüntülü arama",
    // Indonesian.
    "Panggilan suara tak terjawab",
    "Panggilan video tak terjawab",
    // Arabic.
    "مكالمة صوتية فائتة",
    "مكالمة فيديو فائتة",
    // Hindi.
    "मिस्ड वॉइस कॉल",
    "मिस्ड वीडियो कॉल",
    // Russian.
    "Пропущенный аудиозвонок",
    "Пропущенный видеозвонок",
    // Chinese.
    "未接语音通话",
    "未接视频通话",
    "未接語音通話",
    "未接視訊通話",
    // Japanese.
    "不在着信",
    "音声通話不在着信",
    "ビデオ通話不在着信",
];

/// The first sentence of the notice about encryption and of the one about a business account, which some exports print as
/// if the group or the contact had said it.
pub(super) const NOTICES: &[&str] = &[
    // English, sure.
    "Messages and calls are end-to-end encrypted",
    "Messages to this chat and calls are now secured with end-to-end encryption",
    "Messages to this group are now secured with end-to-end encryption",
    "Messages you send to this chat and calls are now secured with end-to-end encryption",
    "Messages you send to this group are now secured with end-to-end encryption",
    "Messages are end-to-end encrypted",
    "This business uses a secure service from Meta to manage this chat",
    "This business works with other companies to manage this chat",
    "This business is now using a secure service from Meta to manage this chat",
    "This chat is with a business account",
    // German, sure.
    "Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt",
    "Nachrichten in diesem Chat sowie Anrufe sind jetzt mit Ende-zu-Ende-Verschlüsselung geschützt",
    "Nachrichten, die du in diesem Chat sendest, sowie Anrufe, sind jetzt mit Ende-zu-Ende-Verschlüsselung geschützt",
    // Spanish, sure.
    "Los mensajes y las llamadas están cifrados de extremo a extremo",
    "Los mensajes y las llamadas en este chat ahora están protegidos con cifrado de extremo a extremo",
    // Portuguese, sure.
    "As mensagens e as chamadas são protegidas com a criptografia de ponta a ponta",
    "As mensagens e ligações são protegidas com a criptografia de ponta a ponta",
    "As mensagens e as chamadas são encriptadas ponto a ponto",
    // French, sure.
    "Les messages et les appels sont chiffrés de bout en bout",
    // Italian, sure.
    "I messaggi e le chiamate sono crittografati end-to-end",
    // Dutch.
    "Berichten en gesprekken zijn end-to-end versleuteld",
    "Berichten en oproepen zijn end-to-end versleuteld",
    "Berichten en oproepen worden end-to-end versleuteld",
    // Turkish.
    "Mesajlar ve aramalar uçtan uca şifrelidir",
    // Indonesian.
    "Pesan dan panggilan terenkripsi secara end-to-end",
    // Arabic.
    "الرسائل والمكالمات مشفرة تمامًا بين الطرفين",
    "الرسائل والمكالمات مُشفَّرة تمامًا بين الطرفَين",
    // Hindi.
    "मैसेज और कॉल एंड-टू-एंड एन्क्रिप्टेड हैं",
    // Russian.
    "Сообщения и звонки защищены сквозным шифрованием",
    // Chinese.
    "消息和通话都进行端到端加密",
    "消息和通话已进行端到端加密",
    "訊息和通話已受端對端加密保護",
    "訊息與通話已受端對端加密保護",
    // Japanese.
    "メッセージと通話はエンドツーエンドで暗号化されています",
    "メッセージと通話はエンドツーエンド暗号化されています",
];

/// What ends a message that was written anew.
pub(super) const EDITED: &[&str] = &[
    // English and German are sure.
    "<This message was edited>",
    "<Diese Nachricht wurde bearbeitet.>",
    "<Diese Nachricht wurde bearbeitet>",
    "<Se editó este mensaje.>",
    "<Se editó este mensaje>",
    "<Mensagem editada>",
    "<Esta mensagem foi editada>",
    "<Ce message a été modifié>",
    "<Questo messaggio è stato modificato>",
    "<Dit bericht is bewerkt>",
    "<Bu mesaj düzenlendi>",
    "<Pesan ini diedit>",
    "<تم تعديل هذه الرسالة>",
    "<यह मैसेज एडिट किया गया>",
    "<यह मैसेज एडिट किया गया है>",
    "<Сообщение изменено>",
    "<Данное сообщение изменено>",
    "<此消息已编辑>",
    "<此訊息已編輯>",
    "<このメッセージは編集されました>",
];

/// What Android writes in brackets after the name of a file that lies beside the export.
pub(super) const ATTACHED: &[&str] = &[
    // English, German, Spanish, Portuguese, French and Italian are sure.
    "file attached",
    "Datei angehängt",
    "archivo adjunto",
    "arquivo anexado",
    "ficheiro anexado",
    "fichier joint",
    "file allegato",
    "bestand bijgevoegd",
    "dosya ekli",
    "file terlampir",
    "الملف مرفق",
    "फ़ाइल संलग्न है",
    "फ़ाइल अटैच की गई",
    "файл добавлен",
    "文件附件",
    "附件",
    "檔案已附加",
    "添付ファイル",
];

/// Words of a line of which structure says that nobody spoke it, and what it tells. The first that it contains counts,
/// so that what is more telling stands first.
pub(super) const HAPPENED: &[(Event, &[&str])] = &[
    (
        Event::Room,
        &[
            // English: the subject, icon, description, settings, pinned messages, the group itself.
            "changed the subject",
            "changed the group name",
            "changed this group's",
            "changed the group description",
            "changed the group's icon",
            "deleted this group's icon",
            "created group",
            "created this group",
            "created the group",
            "pinned a message",
            "changed the settings",
            "disappearing messages",
            "now an admin",
            "no longer an admin",
            // German
            "den Betreff",
            "das Gruppenbild",
            "Gruppenbeschreibung",
            "hat diese Gruppe erstellt",
            "hat die Gruppe erstellt",
            "angepinnt",
            "selbstlöschende Nachrichten",
            "jetzt Admin",
            // Spanish
            "cambió el asunto",
            "cambió el ícono",
            "cambió la descripción",
            "creó el grupo",
            "mensajes temporales",
            // Portuguese
            "mudou o nome do grupo",
            "alterou o assunto",
            "mudou a imagem",
            "mudou a descrição",
            "criou o grupo",
            "criou este grupo",
            // French
            "a modifié l'objet",
            "a changé l'objet",
            "a changé le sujet",
            "a changé l’icône",
            "a créé le groupe",
            // Italian
            "ha cambiato l'oggetto",
            "ha cambiato il nome del gruppo",
            "ha modificato l'oggetto",
            "ha creato il gruppo",
            // Dutch
            "heeft het onderwerp",
            "heeft de groep gemaakt",
            "heeft de groep aangemaakt",
            // Turkish, Indonesian
            "grubun konusunu",
            "grubunu oluşturdu",
            "grubu oluşturdu",
            "mengubah subjek",
            "membuat grup",
            // Arabic, Hindi, Russian
            "أنشأ المجموعة",
            "غيّر الموضوع",
            "ग्रुप बनाया",
            "изменил(-а) тему",
            "изменил(а) тему",
            "создал(-а) группу",
            "создал(а) группу",
            // Chinese, Japanese
            "创建了群组",
            "建立了群組",
            "更改了群组",
            "グループを作成",
            "グループの件名を",
        ],
    ),
    (
        Event::Call,
        &[
            "voice call",
            "video call",
            "Sprachanruf",
            "Videoanruf",
            "llamada",
            "ligação de",
            "chamada de",
            "appel vocal",
            "appel vidéo",
            "chiamata",
            "spraakoproep",
            "video-oproep",
            "sesli arama",
            "panggilan suara",
            "panggilan video",
            "مكالمة",
            "वॉइस कॉल",
            "аудиозвонок",
            "видеозвонок",
            "语音通话",
            "語音通話",
            "通話",
        ],
    ),
    (
        Event::Deletion,
        &["message was deleted", "deleted this message", "Nachricht wurde gelöscht", "mensaje eliminado"],
    ),
    (
        Event::Leave,
        &[
            // English
            " removed ",
            " was removed",
            " were removed",
            " left",
            // German
            " entfernt",
            " verlassen",
            // Spanish
            " eliminó a ",
            " salió del grupo",
            " salió",
            // Portuguese
            " removeu ",
            " saiu",
            // French
            " a retiré ",
            " a supprimé ",
            " a quitté",
            " est parti",
            // Italian
            " ha rimosso ",
            " ha abbandonato",
            " è uscito",
            // Dutch
            " verwijderd",
            " heeft de groep verlaten",
            // Turkish, Indonesian
            " çıkardı",
            " ayrıldı",
            " mengeluarkan ",
            " keluar",
            // Arabic, Hindi, Russian
            "غادر",
            "أزال",
            "हटाया",
            "बाहर हो गए",
            "удалил(",
            "вышел(",
            "покинул(",
            // Chinese, Japanese
            "已退出",
            "移除了",
            "退出しました",
            "削除しました",
        ],
    ),
    (
        Event::Join,
        &[
            // English
            " added ",
            " was added",
            " were added",
            " joined",
            "'re now in this",
            " invite link",
            // German
            " hinzugefügt",
            " beigetreten",
            // Spanish
            " añadió a ",
            " agregó a ",
            " te añadió",
            " te agregó",
            " se unió",
            " fue añadid",
            // Portuguese
            " adicionou ",
            " entrou ",
            " foi adicionad",
            // French
            " a ajouté ",
            " vous a ajouté",
            " a rejoint",
            // Italian
            " ha aggiunto ",
            " ti ha aggiunto",
            " è entrato",
            " si è unito",
            // Dutch
            " toegevoegd",
            // Turkish, Indonesian
            " ekledi",
            " katıldı",
            " menambahkan ",
            " bergabung",
            // Arabic, Hindi, Russian
            "أضاف",
            "انضم",
            "जोड़ा",
            "добавил(",
            "присоединил",
            // Chinese, Japanese
            "添加了",
            "加入了",
            "新增了",
            "追加しました",
            "参加しました",
        ],
    ),
];
