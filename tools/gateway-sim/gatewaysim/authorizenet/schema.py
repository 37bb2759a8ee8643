"""The order and form of the covered requests, after `AnetApiSchema.xsd`.

The schema itself is not kept here; a test compares these declarations with it where it is at hand.
One word is one element: `name:type`, with `?` where it may be absent and `*` where it may repeat.
Elements that a portal never sends, above all card numbers, are left out and therefore refused.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

NAMESPACE = "AnetApi/xml/v1/schema/AnetApiSchema.xsd"
HEAD = "merchantAuthentication:merchantAuthenticationType clientId:text30? refId:text20? "
PROFILE_BASE = "merchantCustomerId:text20? description:text255? email:text255? "
NAMES = (
    "firstName:text50? lastName:text50? company:text50? address:text60? city:text40? state:text40? "
    "zip:text20? country:text60? "
)
LISTING = "sorting:TransactionListSorting? paging:Paging?"

SEQUENCES: dict[str, str] = {
    "authenticateTestRequest": HEAD,
    "getMerchantDetailsRequest": HEAD,
    "createTransactionRequest": HEAD + "transactionRequest:transactionRequestType",
    "getHostedPaymentPageRequest": HEAD
    + "transactionRequest:transactionRequestType hostedPaymentSettings:ArrayOfSetting?",
    "getHostedProfilePageRequest": HEAD
    + "customerProfileId:numericString hostedProfileSettings:ArrayOfSetting?",
    "createCustomerProfileRequest": HEAD
    + "profile:customerProfileType validationMode:validationModeEnum?",
    "createCustomerProfileFromTransactionRequest": HEAD
    + "transId:numericString customer:customerProfileBaseType? customerProfileId:numericString? "
    "defaultPaymentProfile:boolean? defaultShippingAddress:boolean? "
    "profileType:customerProfileTypeEnum?",
    "getCustomerProfileRequest": HEAD
    + "customerProfileId:numericString? merchantCustomerId:text20? email:string? "
    "unmaskExpirationDate:boolean? includeIssuerInfo:boolean?",
    "getCustomerPaymentProfileRequest": HEAD
    + "customerProfileId:numericString customerPaymentProfileId:numericString? "
    "unmaskExpirationDate:boolean? includeIssuerInfo:boolean?",
    "deleteCustomerProfileRequest": HEAD + "customerProfileId:numericString",
    "deleteCustomerPaymentProfileRequest": HEAD
    + "customerProfileId:numericString customerPaymentProfileId:numericString",
    "getTransactionDetailsRequest": HEAD + "transId:numericString",
    "getUnsettledTransactionListRequest": HEAD + "status:TransactionGroupStatusEnum? " + LISTING,
    "getSettledBatchListRequest": HEAD
    + "includeStatistics:boolean? firstSettlementDate:dateTime? lastSettlementDate:dateTime?",
    "getTransactionListRequest": HEAD + "batchId:numericString? " + LISTING,
    "merchantAuthenticationType": "name:text25? transactionKey:text16",
    "transactionRequestType": "transactionType:string amount:decimal? currencyCode:string? "
    "payment:paymentType? profile:customerProfilePaymentType? solution:solutionType? "
    "refTransId:string? order:orderType? lineItems:ArrayOfLineItem? tax:extendedAmountType? "
    "poNumber:string? customer:customerDataType? billTo:customerAddressType? "
    "shipTo:nameAndAddressType? customerIP:string? transactionSettings:ArrayOfSetting? "
    "userFields:userFields? merchantDescriptor:string? processingOptions:processingOptions? "
    "subsequentAuthInformation:subsequentAuthInformation? "
    "authorizationIndicatorType:authorizationIndicatorType?",
    "paymentType": "creditCard:creditCardType? opaqueData:opaqueDataType?",
    "creditCardType": "cardNumber:maskedCard expirationDate:maskedDate",
    "opaqueDataType": "dataDescriptor:string dataValue:string",
    "customerProfilePaymentType": "createProfile:boolean? customerProfileId:numericString? "
    "paymentProfile:paymentProfile? shippingProfileId:numericString?",
    "paymentProfile": "paymentProfileId:numericString",
    "solutionType": "id:string name:string? vendorName:string?",
    "orderType": "invoiceNumber:text20? description:text255?",
    "ArrayOfLineItem": "lineItem:lineItemType*",
    "lineItemType": "itemId:text31 name:text31 description:text255? quantity:amount "
    "unitPrice:amount taxable:boolean?",
    "extendedAmountType": "amount:amount name:text31? description:text255?",
    "customerDataType": "type:customerTypeEnum? id:text20? email:text255?",
    "customerAddressType": NAMES + "phoneNumber:text25? faxNumber:text25? email:string?",
    "nameAndAddressType": NAMES,
    "ArrayOfSetting": "setting:settingType*",
    "settingType": "settingName:string? settingValue:string?",
    "userFields": "userField:userField*",
    "userField": "name:string? value:string?",
    "processingOptions": "isFirstRecurringPayment:boolean? isFirstSubsequentAuth:boolean? "
    "isSubsequentAuth:boolean? isStoredCredentials:boolean?",
    "subsequentAuthInformation": "originalNetworkTransId:text255? originalAuthAmount:amount? "
    "reason:merchantInitTransReasonEnum?",
    "authorizationIndicatorType": "authorizationIndicator:authIndicatorEnum?",
    "customerProfileBaseType": PROFILE_BASE,
    "customerProfileType": PROFILE_BASE + "profileType:customerProfileTypeEnum?",
    "TransactionListSorting": "orderBy:TransactionListOrderFieldEnum orderDescending:boolean",
    "Paging": "limit:limit offset:offset",
}

PATTERNS: dict[str, str] = {
    "string": r"[\s\S]*",
    "numericString": r"[0-9]+",
    "decimal": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)",
    "amount": r"[0-9]+(\.[0-9]{0,4})?",
    "boolean": r"true|false|1|0",
    "dateTime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?",
    "limit": r"[1-9][0-9]{0,2}|1000",
    "offset": r"[1-9][0-9]{0,4}|100000",
    # No more of a card than its end: whole numbers are not for this simulator nor for a portal.
    "maskedCard": r"(X{4})?[0-9]{4}",
    "maskedDate": r"X{4}",
    "validationModeEnum": "none|testMode|liveMode|oldLiveMode",
    "customerProfileTypeEnum": "regular|guest",
    "customerTypeEnum": "individual|business",
    "merchantInitTransReasonEnum": "resubmission|delayedCharge|reauthorization|noShow",
    "authIndicatorEnum": "pre|final",
    "TransactionGroupStatusEnum": "any|pendingApproval",
    "TransactionListOrderFieldEnum": "id|submitTimeUTC",
}


class SchemaError(Exception):
    """What the real interface answers with E00003."""


def words(sequence: str) -> list[tuple[str, str, str]]:
    """The elements of a declaration: name, type, and `?`, `*` or nothing."""
    found = []
    for word in sequence.split():
        name, _, kind = word.partition(":")
        mark = kind[-1] if kind[-1] in "?*" else ""
        found.append((name, kind.rstrip("?*"), mark))
    return found


def check(element: Element, kind: str, sequences: dict[str, str] | None = None) -> None:
    """Raises `SchemaError` unless the element has just the right children in the right order."""
    table = SEQUENCES if sequences is None else sequences
    if kind not in table:
        _check_text(element, kind)
        return
    if (element.text or "").strip():
        raise SchemaError(f"The element '{_local(element)}' cannot contain text.")
    declared = words(table[kind])
    place = 0
    seen: dict[int, int] = {}
    for child in element:
        name = _local(child)
        while place < len(declared) and declared[place][0] != name:
            if not declared[place][2] and not seen.get(place):
                raise SchemaError(_wrong(element, child, declared[place][0]))
            place += 1
        if place == len(declared):
            raise SchemaError(_wrong(element, child, ""))
        seen[place] = seen.get(place, 0) + 1
        if seen[place] > 1 and declared[place][2] != "*":
            raise SchemaError(_wrong(element, child, ""))
        check(child, declared[place][1], sequences)
    for index, (name, _, mark) in enumerate(declared):
        if not mark and not seen.get(index):
            raise SchemaError(
                f"The element '{_local(element)}' in namespace '{NAMESPACE}' has incomplete "
                f"content. List of possible elements expected: '{name}'."
            )


def _wrong(parent: Element, child: Element, expected: str) -> str:
    more = f" List of possible elements expected: '{expected}'." if expected else ""
    return (
        f"The element '{_local(parent)}' in namespace '{NAMESPACE}' has invalid child element "
        f"'{_local(child)}' in namespace '{NAMESPACE}'.{more}"
    )


def _local(element: Element) -> str:
    namespace, _, name = element.tag.rpartition("}")
    if namespace != "{" + NAMESPACE:
        raise SchemaError(f"The element '{name}' is not in the namespace '{NAMESPACE}'.")
    return name


def _check_text(element: Element, kind: str) -> None:
    name, text = _local(element), element.text or ""
    if len(element):
        raise SchemaError(f"The element '{name}' cannot contain child elements.")
    if kind.startswith("text"):
        if len(text) > int(kind[4:]):
            raise SchemaError(
                f"The '{NAMESPACE}:{name}' element is invalid - The value '{text}' is invalid - "
                "The actual length is greater than the MaxLength value."
            )
        return
    if not re.fullmatch(PATTERNS[kind], text):
        raise SchemaError(
            f"The '{NAMESPACE}:{name}' element is invalid - The value '{text}' is invalid "
            f"according to its datatype '{kind}'."
        )
