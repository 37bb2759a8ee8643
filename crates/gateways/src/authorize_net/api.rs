//! Asking the provider: one address, a request in XML, an answer in XML.

use portico_billing::gateway::Reference;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use roxmltree::Node;

use super::reasons;
use super::xml::{self, Element, parent, text};
use crate::{GatewayError, Http};

/// The provider's API with an account's keys.
pub(super) struct Api {
    pub(super) http: Http,
    pub(super) url: String,
    /// API login, at most 25 characters.
    pub(super) login: String,
    /// Transaction key, at most 16 characters.
    pub(super) key: String,
}

impl Api {
    /// Asks for something that has a name of ours.
    pub(super) async fn ask_for<T>(
        &self,
        reference: &Reference,
        request: &'static str,
        content: Vec<Element>,
        read: impl FnOnce(Node<'_, '_>) -> Result<T, GatewayError> + Send,
    ) -> Result<T, GatewayError> {
        let mut named = vec![text("refId", reference.as_str())];
        named.extend(content);
        self.ask(request, named, read).await
    }

    /// Sends the request of this name, and hands the root of the answer to `read`.
    ///
    /// # Errors
    /// As [`crate::Http`] says; `Refused` and others by the provider's code.
    pub(super) async fn ask<T>(
        &self,
        request: &'static str,
        content: Vec<Element>,
        read: impl FnOnce(Node<'_, '_>) -> Result<T, GatewayError> + Send,
    ) -> Result<T, GatewayError> {
        let keys = parent(
            "merchantAuthentication",
            [text("name", &*self.login), text("transactionKey", &*self.key)],
        );
        let body = parent(request, [keys].into_iter().chain(content)).document()?;
        let sent = self.http.request(Method::POST, &self.url)?;
        let sent = sent.header(CONTENT_TYPE, "text/xml; charset=utf-8").body(body);
        let answer = self.http.send(sent).await?;
        xml::with_root(&answer.body, |root| read(checked(root, request)?))
    }
}

/// The root, where it answers the request.
fn checked<'a, 'input>(
    root: Node<'a, 'input>,
    request: &str,
) -> Result<Node<'a, 'input>, GatewayError> {
    let answer = root.tag_name().name();
    let named = request.strip_suffix("Request");
    // A profile made from a transaction is answered as any other.
    let named = named.map(|name| name.strip_suffix("FromTransaction").unwrap_or(name));
    let is_answer = answer.strip_suffix("Response") == named;
    if !is_answer && answer != "ErrorResponse" {
        return Err(xml::unreadable(&format!("`{answer}` is no answer to `{request}`")));
    }
    // A transaction that was not approved is an error to the provider, and an answer here.
    if xml::value(root, &["transactionResponse", "responseCode"]).is_some() {
        return Ok(root);
    }
    match xml::required(root, &["messages", "resultCode"])? {
        "Ok" if is_answer => Ok(root),
        _ => {
            let code = xml::value(root, &["messages", "message", "code"]).unwrap_or("E00000");
            let message = xml::value(root, &["messages", "message", "text"]).unwrap_or_default();
            Err(reasons::refusal(code, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(xml: &str) -> Result<(), GatewayError> {
        xml::with_root(xml.as_bytes(), |root| checked(root, "aRequest").map(|_| ()))
    }

    #[test]
    fn an_answer_is_of_its_request_and_says_ok() {
        let messages = |result: &str, code: &str| {
            format!(
                "<messages><resultCode>{result}</resultCode>\
                 <message><code>{code}</code><text>t</text></message></messages>"
            )
        };
        let ok = messages("Ok", "I00001");
        assert_eq!(check(&format!("<aResponse>{ok}</aResponse>")), Ok(()));
        for odd in [format!("<bResponse>{ok}</bResponse>"), "<aResponse/>".to_owned()] {
            assert!(matches!(check(&odd), Err(GatewayError::Unknown(_))), "{odd}");
        }
        for root in ["aResponse", "ErrorResponse"] {
            let keys = format!("<{root}>{}</{root}>", messages("Error", "E00007"));
            assert_eq!(check(&keys), Err(reasons::refused("E00007", "t")));
        }
        let ok_without_a_name = check(&format!("<ErrorResponse>{ok}</ErrorResponse>"));
        assert_eq!(ok_without_a_name, Err(reasons::refused("I00001", "t")));
    }

    #[test]
    fn a_transaction_that_was_not_approved_is_an_answer() {
        let xml = "<aResponse><messages><resultCode>Error</resultCode></messages>\
                   <transactionResponse><responseCode>2</responseCode></transactionResponse>\
                   </aResponse>";
        assert_eq!(check(xml), Ok(()));
    }
}
