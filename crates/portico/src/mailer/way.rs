//! The way to a server of mail: each mail is handed over step by step, so that it is known how far
//! it came.
//!
//! What goes wrong before the text of a mail leaves is certain: the server has not taken it, and
//! another one may. Once it left, only the server's answer tells; without one the mail may arrive
//! or not. That is why the library's transport is not used, which makes one step of it all. It also
//! keeps connections on which an answer is still to come, and would take it for the next mail's.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::Message;
use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Tls};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use portico_core::mail::ProbeFault;
use tokio::time::{Instant, timeout};

/// How long a connection is kept for the next mail.
pub const KEPT: Duration = Duration::from_secs(30);
/// Connections that are kept.
const KEPT_MAX: usize = 4;
/// How long a server may take to let somebody in, and to hear of a mail, unless it is given less
/// to take it. Nothing is lost by asking another one.
const BRIEF: Duration = Duration::from_secs(20);
/// How long a kept connection has to show that it still works.
const CHECK: Duration = Duration::from_secs(5);

/// A server, and how it is spoken to.
pub struct Endpoint {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way to it is secured.
    pub tls: Tls,
    /// Who signs in to it.
    pub credentials: Option<Credentials>,
    /// How long it may take to take a mail; see also [`BRIEF`].
    pub patience: Duration,
}

/// The way to a server; the first connection is made with the first mail.
pub struct Way {
    to: Endpoint,
    kept: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

impl Way {
    /// The way to this server.
    pub fn new(to: Endpoint) -> Self {
        Self { to, kept: Mutex::default() }
    }

    /// Comes as far as one can with a mail before its text leaves.
    ///
    /// # Errors
    /// Where the server does not want it, or is of no use: it has not taken it.
    pub async fn announce(&self, message: &Message) -> Result<Announced<'_>, ProbeFault> {
        let text = message.formatted();
        let mut connection = self.in_time(self.connection()).await?;
        let announced = announce(&mut connection, message.envelope(), text.is_ascii());
        self.in_time(announced).await?;
        Ok(Announced { way: self, connection, text })
    }

    /// Lets go of the connections that nobody used for a while.
    pub fn let_go(&self) {
        self.kept().retain(|(_, since)| since.elapsed() < KEPT);
    }

    async fn in_time<T>(
        &self,
        step: impl Future<Output = Result<T, ProbeFault>>,
    ) -> Result<T, ProbeFault> {
        let patience = self.to.patience.min(BRIEF);
        timeout(patience, step).await.unwrap_or(Err(ProbeFault::TooSlow))
    }

    async fn connection(&self) -> Result<AsyncSmtpConnection, ProbeFault> {
        if let Some(mut kept) = self.take() {
            if timeout(CHECK, kept.test_connected()).await == Ok(true) {
                return Ok(kept);
            }
            // The others will be no better, and to find out takes the time of the new one.
            self.kept().clear();
        }
        connect(&self.to).await
    }

    fn take(&self) -> Option<AsyncSmtpConnection> {
        self.let_go();
        self.kept().pop().map(|(connection, _)| connection)
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        let mut kept = self.kept();
        if kept.len() < KEPT_MAX {
            kept.push((connection, Instant::now()));
        }
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Vec<(AsyncSmtpConnection, Instant)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A mail whose text the server waits for.
pub struct Announced<'a> {
    way: &'a Way,
    connection: AsyncSmtpConnection,
    text: Vec<u8>,
}

impl Announced<'_> {
    /// Hands the text over.
    ///
    /// # Errors
    /// `Unanswered` where the server may have taken it all the same; with all others it has not.
    pub async fn hand_over(mut self) -> Result<(), ProbeFault> {
        match timeout(self.way.to.patience, self.connection.message(&self.text)).await {
            Ok(Ok(_taken)) => {
                self.way.keep(self.connection);
                Ok(())
            }
            // It says itself that it has not taken it.
            Ok(Err(error)) if error.status().is_some() => Err(fault(&error)),
            Ok(Err(_)) | Err(_) => Err(ProbeFault::Unanswered),
        }
    }
}

/// Makes a connection: TLS first, then user name and password.
async fn connect(to: &Endpoint) -> Result<AsyncSmtpConnection, ProbeFault> {
    let hello = ClientId::default();
    let tls_at_once = match &to.tls {
        Tls::Wrapper(parameters) => Some(parameters.clone()),
        _ => None,
    };
    let server = (to.host.as_str(), to.port);
    let opened = AsyncSmtpConnection::connect_tokio1(server, None, &hello, tls_at_once, None).await;
    let mut connection = opened.map_err(|error| match error.is_permanent() {
        // The protocol's own words for such an answer: no SMTP service here.
        true => ProbeFault::NotSmtp,
        false => fault(&error),
    })?;
    let starttls = match &to.tls {
        Tls::Required(parameters) => Some(parameters),
        Tls::Opportunistic(parameters) if connection.can_starttls() => Some(parameters),
        _ => None,
    };
    if let Some(parameters) = starttls {
        let secured = connection.starttls(parameters.clone(), &hello).await;
        secured.map_err(|error| match error.status() {
            Some(_) => ProbeFault::NoTls,
            None => fault(&error),
        })?;
    }
    if let Some(credentials) = &to.credentials {
        let signed_in = connection.auth(DEFAULT_MECHANISMS, credentials).await;
        signed_in.map_err(|error| match error.status() {
            Some(code) => ProbeFault::SignIn(code.into()),
            None if error.is_client() => ProbeFault::SignIn(NO_MECHANISM),
            None => fault(&error),
        })?;
    }
    Ok(connection)
}

/// What a server says to a way of signing in that it does not have.
const NO_MECHANISM: u16 = 504;

/// Says from whom and to whom the mail is, up to where the server waits for its text.
async fn announce(
    connection: &mut AsyncSmtpConnection,
    envelope: &Envelope,
    is_ascii: bool,
) -> Result<(), ProbeFault> {
    let mut addresses = envelope.from().into_iter().chain(envelope.to());
    let mut wanted = Vec::new();
    if addresses.any(|address| !AsRef::<str>::as_ref(address).is_ascii()) {
        wanted.push((Extension::SmtpUtfEight, MailParameter::SmtpUtfEight));
    }
    if !is_ascii {
        let body = MailParameter::Body(MailBodyParameter::EightBitMime);
        wanted.push((Extension::EightBitMime, body));
    }
    let has = |extension: Extension| connection.server_info().supports_feature(extension);
    if !wanted.iter().all(|(extension, _)| has(*extension)) {
        return Err(ProbeFault::Mail);
    }
    let parameters = wanted.into_iter().map(|(_, parameter)| parameter).collect();
    let said = async {
        connection.command(Mail::new(envelope.from().cloned(), parameters)).await?;
        for recipient in envelope.to() {
            connection.command(Rcpt::new(recipient.clone(), Vec::new())).await?;
        }
        connection.command(Data).await
    };
    said.await.map(drop).map_err(|error| fault(&error))
}

/// What went wrong, in words of our own: what the server says is repeated to nobody, because it
/// may hold what it was told, and because it may be no mail server at all (INJ-06, PRV-02).
fn fault(error: &Error) -> ProbeFault {
    if let Some(code) = error.status() {
        let code = u16::from(code);
        return match code {
            454 | 530 | 534 | 535 | 538 => ProbeFault::SignIn(code),
            _ if error.is_permanent() => ProbeFault::Refused(code),
            _ => ProbeFault::PutOff(code),
        };
    }
    if error.is_timeout() {
        ProbeFault::TooSlow
    } else if error.is_tls() || error.is_client() {
        ProbeFault::NoTls
    } else if error.is_response() {
        ProbeFault::NotSmtp
    } else {
        ProbeFault::Unreachable
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::{TcpListener, TcpStream};
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    /// What a server says of each command, and whether it goes on.
    type Answers = fn(&str) -> Answer;

    enum Answer {
        Say(&'static str),
        Hang,
        Close,
    }

    /// A server that greets, and answers as it is told; each mail that it got whole is reported.
    fn server(answers: Answers) -> (u16, mpsc::Receiver<String>) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (got, mails) = mpsc::channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let got = got.clone();
                std::thread::spawn(move || talk(stream, answers, &got));
            }
        });
        (port, mails)
    }

    fn talk(mut stream: TcpStream, answers: Answers, got: &mpsc::Sender<String>) -> Option<()> {
        let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
        let mut command = "CONNECT".to_owned();
        loop {
            match answers(&command) {
                Answer::Say(said) => stream.write_all(format!("{said}\r\n").as_bytes()).ok()?,
                Answer::Hang => std::thread::sleep(Duration::from_secs(600)),
                Answer::Close => return None,
            }
            if command == "DATA" {
                let text = lines.by_ref().map_while(Result::ok).take_while(|line| line != ".");
                got.send(text.collect::<Vec<_>>().join("\n")).ok()?;
                command = "END".to_owned();
            } else {
                let line = lines.next()?.ok()?;
                command = line.split([' ', ':']).next()?.to_owned();
            }
        }
    }

    fn usual(command: &str) -> Answer {
        Answer::Say(match command {
            "CONNECT" => "220 hello",
            "DATA" => "354 go on",
            _ => "250 fine",
        })
    }

    fn way(port: u16, patience: Duration) -> Way {
        let host = "127.0.0.1".to_owned();
        Way::new(Endpoint { host, port, tls: Tls::None, credentials: None, patience })
    }

    fn message(text: &str) -> Message {
        let address = |text: &str| text.parse().expect("an address");
        let builder = Message::builder().from(address("a@acme.example")).to(address("b@b.example"));
        builder.body(text.to_owned()).expect("a mail")
    }

    async fn send(way: &Way, text: &str) -> Result<(), ProbeFault> {
        way.announce(&message(text)).await?.hand_over().await
    }

    async fn outcome(answers: Answers) -> (Result<(), ProbeFault>, usize) {
        let (port, mails) = server(answers);
        let sent = send(&way(port, Duration::from_millis(500)), "hello").await;
        (sent, mails.try_iter().count())
    }

    #[tokio::test]
    async fn mails_go_one_after_another_by_one_connection() {
        static CONNECTIONS: Mutex<u32> = Mutex::new(0);
        let (port, mails) = server(|command| {
            if command == "CONNECT" {
                *CONNECTIONS.lock().expect("a count") += 1;
            }
            usual(command)
        });
        let way = way(port, Duration::from_secs(10));
        for text in ["one", "two", "three"] {
            send(&way, text).await.expect("sent");
            assert!(mails.recv().expect("a mail").contains(text), "{text}");
        }
        assert_eq!(*CONNECTIONS.lock().expect("a count"), 1);
    }

    #[tokio::test]
    async fn a_server_that_got_the_mail_and_does_not_answer_may_have_taken_it() {
        let hangs = outcome(|command| if command == "END" { Answer::Hang } else { usual(command) });
        assert_eq!(hangs.await, (Err(ProbeFault::Unanswered), 1));
        let dies = outcome(|command| if command == "END" { Answer::Close } else { usual(command) });
        assert_eq!(dies.await, (Err(ProbeFault::Unanswered), 1));
        let babbles = outcome(|command| match command {
            "END" => Answer::Say("what?"),
            _ => usual(command),
        });
        assert_eq!(babbles.await, (Err(ProbeFault::Unanswered), 1));
    }

    #[tokio::test]
    async fn a_server_that_says_no_has_not_taken_it() {
        let no = outcome(|command| match command {
            "END" => Answer::Say("451 not now"),
            _ => usual(command),
        });
        assert_eq!(no.await, (Err(ProbeFault::PutOff(451)), 1));
        let never = outcome(|command| match command {
            "END" => Answer::Say("554 spam"),
            _ => usual(command),
        });
        assert_eq!(never.await, (Err(ProbeFault::Refused(554)), 1));
    }

    #[tokio::test]
    async fn what_goes_wrong_before_the_text_is_certain() {
        let cases: [(Answers, ProbeFault); 7] = [
            (|_| Answer::Hang, ProbeFault::TooSlow),
            (|_| Answer::Close, ProbeFault::NotSmtp),
            (|_| Answer::Say("554 no"), ProbeFault::NotSmtp),
            (|_| Answer::Say("421 busy"), ProbeFault::PutOff(421)),
            (
                |command| if command == "MAIL" { Answer::Hang } else { usual(command) },
                ProbeFault::TooSlow,
            ),
            (
                |command| match command {
                    "RCPT" => Answer::Say("450 later"),
                    _ => usual(command),
                },
                ProbeFault::PutOff(450),
            ),
            (
                |command| if command == "DATA" { Answer::Hang } else { usual(command) },
                ProbeFault::TooSlow,
            ),
        ];
        for (answers, fault) in cases {
            assert_eq!(outcome(answers).await, (Err(fault), 0));
        }
    }

    #[tokio::test]
    async fn a_late_answer_is_not_taken_for_the_next_mails() {
        static SLOW: Mutex<bool> = Mutex::new(true);
        let (port, mails) = server(|command| {
            if command == "END" && std::mem::take(&mut *SLOW.lock().expect("a switch")) {
                std::thread::sleep(Duration::from_secs(1));
                return Answer::Say("554 spam");
            }
            usual(command)
        });
        let way = way(port, Duration::from_millis(500));
        assert_eq!(send(&way, "one").await, Err(ProbeFault::Unanswered));
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(send(&way, "two").await, Ok(()));
        assert_eq!(mails.iter().take(2).count(), 2);
    }
}
