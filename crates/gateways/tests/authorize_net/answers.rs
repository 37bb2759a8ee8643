//! What the provider answers.

use crate::peer::Reply;

/// The number of the attempt that all of it is about.
pub const REFERENCE: &str = "0123456789ABCDEFGHJK";
const XMLNS: &str = "AnetApi/xml/v1/schema/AnetApiSchema.xsd";

fn messages(result: &str, code: &str, text: &str) -> String {
    format!(
        "<messages><resultCode>{result}</resultCode>\
         <message><code>{code}</code><text>{text}</text></message></messages>"
    )
}

pub fn ok(request: &str, content: &str) -> Reply {
    let messages = messages("Ok", "I00001", "Successful.");
    let xml =
        format!("<{request}Response xmlns=\"{XMLNS}\">{messages}{content}</{request}Response>");
    Reply::Xml(format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>{xml}"))
}

pub fn error(code: &str, text: &str) -> Reply {
    let messages = messages("Error", code, text);
    Reply::Xml(format!("<ErrorResponse xmlns=\"{XMLNS}\">{messages}</ErrorResponse>"))
}

pub fn page(request: &str, token: &str) -> Reply {
    ok(request, &format!("<token>{token}</token>"))
}

/// A line of a list: its identifier, when it was submitted, how it stands, its number.
pub type Line = (&'static str, &'static str, &'static str, &'static str);

fn lines(lines: &[Line]) -> String {
    let line = |(id, time, status, number): &Line| {
        format!(
            "<transaction><transId>{id}</transId><submitTimeUTC>{time}</submitTimeUTC>\
             <submitTimeLocal>2026-11-20T01:00:00</submitTimeLocal>\
             <transactionStatus>{status}</transactionStatus><invoiceNumber>{number}</invoiceNumber>\
             <accountType>Visa</accountType><accountNumber>XXXX1111</accountNumber>\
             <settleAmount>12.34</settleAmount></transaction>"
        )
    };
    format!("<transactions>{}</transactions>", lines.iter().map(line).collect::<String>())
}

pub fn unsettled(list: &[Line]) -> Reply {
    ok("getUnsettledTransactionList", &lines(list))
}

pub fn batches(list: &[(&str, &str)]) -> Reply {
    let batch = |(id, time): &(&str, &str)| {
        format!(
            "<batch><batchId>{id}</batchId><settlementTimeUTC>{time}</settlementTimeUTC>\
             <settlementState>settledSuccessfully</settlementState></batch>"
        )
    };
    let list: String = list.iter().map(batch).collect();
    ok("getSettledBatchList", &format!("<batchList>{list}</batchList>"))
}

pub fn batch(list: &[Line]) -> Reply {
    ok("getTransactionList", &lines(list))
}

/// A transaction in full: its identifier, the one that it takes from, how it stands and why.
pub fn details(id: &str, of: Option<&str>, status: &str, reason: &str) -> Reply {
    let of = of.map(|of| format!("<refTransId>{of}</refTransId>")).unwrap_or_default();
    let xml = format!(
        "<transaction><transId>{id}</transId>{of}\
         <submitTimeUTC>2026-11-20T08:00:05.25Z</submitTimeUTC>\
         <submitTimeLocal>2026-11-20T01:00:05.25</submitTimeLocal>\
         <transactionType>authCaptureTransaction</transactionType>\
         <transactionStatus>{status}</transactionStatus><responseCode>1</responseCode>\
         <responseReasonCode>{reason}</responseReasonCode>\
         <responseReasonDescription>Approval</responseReasonDescription>\
         <order><invoiceNumber>{REFERENCE}</invoiceNumber></order>\
         <authAmount>12.34</authAmount><settleAmount>12.34</settleAmount>\
         <payment><creditCard><cardNumber>XXXX1111</cardNumber>\
         <expirationDate>XXXX</expirationDate><cardType>Visa</cardType></creditCard></payment>\
         <billTo><firstName>Ann</firstName><lastName>Lee</lastName></billTo></transaction>"
    );
    ok("getTransactionDetails", &xml)
}

pub fn receipt(code: &str, id: &str, why: &str) -> Reply {
    let result = if code == "1" || code == "4" { "Ok" } else { "Error" };
    let messages = messages(result, if result == "Ok" { "I00001" } else { "E00027" }, "x");
    let errors = match why {
        "" => String::new(),
        why => format!(
            "<errors><error><errorCode>{why}</errorCode><errorText>x</errorText></error></errors>"
        ),
    };
    Reply::Xml(format!(
        "<createTransactionResponse xmlns=\"{XMLNS}\">{messages}<transactionResponse>\
         <responseCode>{code}</responseCode><transId>{id}</transId>{errors}\
         </transactionResponse></createTransactionResponse>"
    ))
}

/// A customer profile with these methods.
pub fn profile(methods: &[&str]) -> Reply {
    let method = |id: &&str| {
        format!(
            "<paymentProfiles><customerPaymentProfileId>{id}</customerPaymentProfileId>\
             <payment><creditCard><cardNumber>XXXX1111</cardNumber>\
             <expirationDate>2028-09</expirationDate><cardType>Visa</cardType></creditCard>\
             </payment></paymentProfiles>"
        )
    };
    let methods: String = methods.iter().map(method).collect();
    let xml = format!("<profile><customerProfileId>700</customerProfileId>{methods}</profile>");
    ok("getCustomerProfile", &xml)
}
