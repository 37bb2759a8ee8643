"""What can be asked afterwards: details, unsettled and settled transactions, batches.

Source: https://developer.authorize.net/api/reference/index.html#transaction-reporting.
"""

from __future__ import annotations

from datetime import datetime, UTC

from ..store import Row
from .errors import AnetError, not_found
from .ledger import DAY, Ledger, local, utc
from .profiles import identity
from .xml import Node, Tree

LONGEST = 31 * DAY


def details(ledger: Ledger, request: Node) -> Tree:
    """getTransactionDetailsRequest"""
    row = ledger.transaction(request.text("transId"))
    if row is None:
        raise not_found()
    batch = ledger.store.get("anet.batch", row["batch"]) if row["batch"] else None
    card: Tree = [("cardNumber", "XXXX1111"), ("expirationDate", "XXXX"), ("cardType", "Visa")]
    order: Tree = [
        ("invoiceNumber", row["invoice"] or None),
        ("description", row["description"] or None),
        ("discountAmount", "0"),
        ("taxIsAfterDiscount", "false"),
    ]
    customer: Tree = [("id", row["customer_id"] or None), ("email", row["customer_email"] or None)]
    settled = 0 if row["status"] in ("voided", "declined") else row["amount"]
    transaction: Tree = [
        ("transId", row["id"]),
        ("refTransId", row["ref_trans_id"] or None),
        ("submitTimeUTC", utc(row["at"])),
        ("submitTimeLocal", local(row["at"])),
        ("transactionType", row["type"]),
        ("transactionStatus", row["status"]),
        ("responseCode", str(row["response_code"])),
        ("responseReasonCode", str(row["reason"])),
        ("responseReasonDescription", row["reason_text"]),
        ("authCode", row["auth_code"]),
        ("AVSResponse", "Y"),
        ("batch", _batch(batch) if batch else None),
        ("order", order if row["invoice"] or row["description"] else None),
        ("authAmount", ledger.amount(row["amount"])),
        ("settleAmount", ledger.amount(settled)),
        ("taxExempt", "false"),
        ("payment", [("creditCard", card)]),
        ("customer", customer if row["customer_id"] or row["customer_email"] else None),
        ("recurringBilling", "false"),
        ("product", "Card Not Present"),
        ("marketType", "eCommerce"),
        ("profile", identity(row)),
        ("networkTransId", row["network_id"]),
    ]
    tail: Tree = [("transrefId", row["ref_id"])] if row["ref_id"] else []
    return [("transaction", transaction), *tail]


def _summary(ledger: Ledger, row: Row) -> Tree:
    return [
        ("transId", row["id"]),
        ("submitTimeUTC", utc(row["at"])),
        ("submitTimeLocal", local(row["at"])),
        ("transactionStatus", row["status"]),
        ("invoiceNumber", row["invoice"] or None),
        ("accountType", "Visa"),
        ("accountNumber", "XXXX1111"),
        ("settleAmount", ledger.amount(row["amount"])),
        ("marketType", "eCommerce"),
        ("product", "Card Not Present"),
        ("profile", identity(row)),
    ]


def _page(ledger: Ledger, request: Node, rows: list[Row]) -> Tree:
    by = request.text("sorting/orderBy") or "id"
    descending = request.text("sorting/orderDescending") in ("true", "1")
    rows.sort(key=lambda row: row["id"] if by == "id" else row["at"], reverse=descending)
    limit = int(request.text("paging/limit") or 1_000)
    offset = int(request.text("paging/offset") or 1)
    shown = rows[(offset - 1) * limit : offset * limit]
    if not shown:
        return [("!", "I00004"), ("totalNumInResultSet", str(len(rows)))]
    summaries: Tree = [("transaction", _summary(ledger, row)) for row in shown]
    return [("transactions", summaries), ("totalNumInResultSet", str(len(rows)))]


def unsettled(ledger: Ledger, request: Node) -> Tree:
    """getUnsettledTransactionListRequest"""
    rows = [row for row in ledger.transactions() if row["batch"] is None]
    held = request.text("status") == "pendingApproval"
    rows = [row for row in rows if (row["status"] == "FDSPendingReview") == held or not held]
    return _page(ledger, request, rows)


def in_batch(ledger: Ledger, request: Node) -> Tree:
    """getTransactionListRequest"""
    key = request.text("batchId")
    if not key:
        raise AnetError("E00013", "Batch ID is invalid.")
    batch = ledger.store.get("anet.batch", key)
    if batch is None or batch["account"] != ledger.account["id"]:
        raise not_found()
    return _page(ledger, request, [r for r in ledger.transactions() if r["batch"] == key])


def _batch(batch: Row) -> Tree:
    return [
        ("batchId", batch["id"]),
        ("settlementTimeUTC", utc(batch["at"])),
        ("settlementTimeLocal", local(batch["at"])),
        ("settlementState", "settledSuccessfully"),
        ("paymentMethod", "creditCard"),
        ("marketType", "eCommerce"),
        ("product", "Card Not Present"),
    ]


def _moment(text: str, default: float) -> float:
    if not text:
        return default
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def batches(ledger: Ledger, request: Node) -> Tree:
    """getSettledBatchListRequest; without dates the last day, with them 31 days at the most."""
    now = ledger.world.clock.wall()
    first = _moment(request.text("firstSettlementDate"), now - DAY)
    last = _moment(request.text("lastSettlementDate"), now)
    if last < first:
        raise AnetError("E00076", "The last settlement date lies before the first.")
    if last - first > LONGEST:
        text = "The requested date range exceeds the limit of 31 days."
        raise AnetError("E00078", text)
    rows = ledger.store.of("anet.batch", ledger.account["id"])
    with_statistics = request.text("includeStatistics") in ("true", "1")
    found: Tree = [
        ("batch", _batch(row) + (_statistics(ledger, row) if with_statistics else []))
        for row in rows
        if first <= row["at"] <= last
    ]
    return [("batchList", found)] if found else [("!", "I00004")]


def _statistics(ledger: Ledger, batch: Row) -> Tree:
    rows = [row for row in ledger.transactions() if row["batch"] == batch["id"]]
    charges = [row for row in rows if row["status"] == "settledSuccessfully"]
    refunds = [row for row in rows if row["status"] == "refundSettledSuccessfully"]
    backs = [row for row in rows if row["status"] == "chargeback"]
    statistic: Tree = [
        ("accountType", "Visa"),
        ("chargeAmount", ledger.amount(sum(row["amount"] for row in charges))),
        ("chargeCount", str(len(charges))),
        ("refundAmount", ledger.amount(sum(row["amount"] for row in refunds))),
        ("refundCount", str(len(refunds))),
        ("voidCount", str(sum(1 for row in rows if row["status"] == "voided"))),
        ("declineCount", str(sum(1 for row in rows if row["status"] == "declined"))),
        ("errorCount", "0"),
        ("chargebackAmount", ledger.amount(sum(row["amount"] for row in backs))),
        ("chargebackCount", str(len(backs))),
    ]
    return [("statistics", [("statistic", statistic)])]


def test(_ledger: Ledger, _request: Node) -> Tree:
    """authenticateTestRequest"""
    return []


def merchant(ledger: Ledger, _request: Node) -> Tree:
    """getMerchantDetailsRequest"""
    processor: Tree = [("name", "Simulated Processor"), ("id", "2")]
    return [
        ("isTestMode", "false"),
        ("processors", [("processor", processor)]),
        ("merchantName", ledger.account["org"]),
        ("gatewayId", ledger.account["gateway_id"]),
        ("marketTypes", [("marketType", "eCommerce")]),
        ("productCodes", [("productCode", "CNP")]),
        ("paymentMethods", [("paymentMethod", "Visa"), ("paymentMethod", "MasterCard")]),
        ("currencies", [("currency", ledger.currency)]),
        ("publicClientKey", ledger.store.token(20)),
    ]
