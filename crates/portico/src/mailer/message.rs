//! A mail as it goes to a server.

use lettre::Message;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart};
use portico_core::mail::{ClaimedMail, MailAttachment, ProbeFault, SmtpServer};
use portico_ui::{RenderedMail, Ui};

/// Renders a waiting mail in its language, its brand's looks and, where there are any, its words.
pub fn render(ui: &Ui, mail: &ClaimedMail) -> Result<RenderedMail, ProbeFault> {
    crate::styles::render_mail(ui, mail).map_err(|error| {
        tracing::error!(job = %mail.id, error = error.chain(), "a mail cannot be rendered");
        ProbeFault::Mail
    })
}

/// Whom a mail by the brand's own server comes from.
pub fn own_sender(mail: &ClaimedMail, server: &SmtpServer) -> Result<Mailbox, ProbeFault> {
    let address = server.from_address.as_str().parse().map_err(|_| ProbeFault::Mail)?;
    Ok(Mailbox::new(Some(sender_name(mail)), address))
}

/// Whom a mail by the installation's server comes from.
pub fn installations_sender(mail: &ClaimedMail, from: &Mailbox) -> Mailbox {
    Mailbox::new(Some(sender_name(mail)), from.email.clone())
}

fn sender_name(mail: &ClaimedMail) -> String {
    let own = mail.server.as_ref().and_then(|server| server.from_name.clone());
    own.unwrap_or_else(|| mail.brand.name.clone())
}

/// What a mail says, and what goes along with it.
pub type Content = (RenderedMail, Option<MailAttachment>);

/// Puts a mail together. Where the installation's server sends for one of the brand's own, answers
/// go to the brand's address.
pub fn message(
    mail: &ClaimedMail,
    from: &Mailbox,
    (rendered, attachment): Content,
) -> Result<Message, ProbeFault> {
    // The same at each try and by each server: a mail that arrives twice is shown once.
    let own = mail.server.as_ref().map(|server| own_sender(mail, server)).transpose()?;
    let id = format!("<{}@{}>", mail.id, own.as_ref().unwrap_or(from).email.domain());
    let mut builder = Message::builder()
        .from(from.clone())
        .to(mail.message.to().as_str().parse().map_err(|_| ProbeFault::Mail)?)
        .subject(rendered.subject)
        .message_id(Some(id));
    if let Some(own) = own.filter(|own| own.email != from.email) {
        builder = builder.reply_to(own);
    }
    let text = MultiPart::alternative_plain_html(rendered.text, rendered.html);
    let body = match attachment {
        None => text,
        Some(file) => {
            let content_type =
                ContentType::parse(&file.content_type).map_err(|_| ProbeFault::Mail)?;
            let part = Attachment::new(file.file_name).body(file.bytes, content_type);
            MultiPart::mixed().multipart(text).singlepart(part)
        }
    };
    builder.multipart(body).map_err(|_| ProbeFault::Mail)
}
