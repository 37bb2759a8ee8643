//! Stored ways to pay. The gateway's token is written here and never read back with the record.

use jiff::civil::Date;
use portico_billing::page::Page;
use portico_billing::payment_method::{PaymentMethod, PaymentMethodKind};
use portico_billing::{CustomerId, ExternalId, GatewayId, PaymentMethodId};
use uuid::Uuid;

use crate::holding::{holding, newest_first_sql};
use crate::seek::{AHEAD, ahead_sql, of_customer_sql, page_of_customer};
use crate::{CustomerList, Read, StoreError, Write, column, search};

/// The columns of [`Row`].
macro_rules! columns {
    () => {
        "id, customer_id, external_id, kind, brand, last4, expiry_month, expiry_year, holder, \
        is_default, gateway, created_at, updated_at"
    };
}

/// The default one first. `$8` is the month that is running, counted as `year * 12 + month`.
macro_rules! of_customer {
    ($beyond:literal, $direction:literal) => {
        of_customer_sql!(
            $beyond,
            $direction,
            concat!("SELECT ", columns!(), " FROM payment_method"),
            "CASE WHEN expiry_year * 12 + expiry_month < $8 THEN 'expired' ELSE 'active' END",
            ahead_sql!("is_default")
        )
    };
}

statements! {
    INSERT = "INSERT INTO payment_method (organisation_id, id, customer_id, external_id, kind, \
        brand, last4, expiry_month, expiry_year, holder, is_default, gateway, search_text, \
        created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
        $14, $15)";
    UPDATE = "UPDATE payment_method SET customer_id = $3, external_id = $4, kind = $5, brand = $6, \
        last4 = $7, expiry_month = $8, expiry_year = $9, holder = $10, is_default = $11, \
        gateway = $12, search_text = $13, created_at = $14, updated_at = $15 \
        WHERE organisation_id = $1 AND id = $2";
    SET_TOKEN = "UPDATE payment_method SET sealed_token = $3 \
        WHERE organisation_id = $1 AND id = $2";
    TOKEN = "SELECT sealed_token FROM payment_method WHERE organisation_id = $1 AND id = $2";
    SET_GATEWAY = "UPDATE payment_method SET gateway_id = $3, profile = $4, sealed_token = $5 \
        WHERE organisation_id = $1 AND id = $2";
    AT_GATEWAY = "SELECT sealed_token, profile FROM payment_method WHERE organisation_id = $1 \
        AND id = $2 AND customer_id = $3 AND gateway_id = $4 AND sealed_token IS NOT NULL";
    OF_GATEWAY = concat!("SELECT ", columns!(), " FROM payment_method \
        WHERE organisation_id = $1 AND customer_id = $2 AND gateway_id = $3 \
        AND sealed_token IS NOT NULL ORDER BY is_default DESC, created_at DESC LIMIT 20");
    HAS_DEFAULT = "SELECT EXISTS (SELECT 1 FROM payment_method \
        WHERE organisation_id = $1 AND customer_id = $2 AND is_default)";
    PROFILE = "SELECT profile FROM payment_method WHERE organisation_id = $1 \
        AND customer_id = $2 AND gateway_id = $3 AND profile IS NOT NULL \
        ORDER BY +created_at DESC LIMIT 1";
    FOR = concat!("SELECT ", columns!(), " FROM payment_method WHERE organisation_id = $1 \
        AND customer_id = $2 AND (is_default OR id IN ($3/*+list*/))");
    UNSET_DEFAULT = "UPDATE payment_method SET is_default = FALSE, updated_at = $4 \
        WHERE organisation_id = $1 AND customer_id = $2 AND is_default AND id <> $3 RETURNING id";
    FIND = concat!("SELECT ", columns!(), " FROM payment_method \
        WHERE organisation_id = $1 AND id = $2");
    FIND_BY_EXTERNAL_ID = concat!("SELECT ", columns!(), " FROM payment_method \
        WHERE organisation_id = $1 AND external_id = $2");
    OF_CUSTOMER_DOWN = of_customer!("<", "DESC");
    OF_CUSTOMER_UP = of_customer!(">", "ASC");
    ALL = newest_first_sql!(columns!(), "payment_method", "kind");
    ALL_OF_CUSTOMER =
        newest_first_sql!(columns!(), "payment_method", "kind", " AND customer_id = $6");
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    customer_id: Uuid,
    external_id: Option<String>,
    kind: String,
    brand: Option<String>,
    last4: Option<String>,
    expiry_month: Option<i64>,
    expiry_year: Option<i64>,
    holder: Option<String>,
    is_default: bool,
    gateway: Option<String>,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<Row> for PaymentMethod {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let month = row.expiry_month.map(|it| column::narrow("payment_method.expiry_month", it));
        let year = row.expiry_year.map(|it| column::narrow("payment_method.expiry_year", it));
        Ok(Self {
            id: row.id.into(),
            customer_id: row.customer_id.into(),
            external_id: column::parse_opt("payment_method.external_id", row.external_id)?,
            kind: column::from_word("payment_method.kind", &row.kind)?,
            brand: row.brand,
            last4: row.last4,
            expiry_month: month.transpose()?,
            expiry_year: year.transpose()?,
            holder: row.holder,
            is_default: row.is_default,
            gateway: row.gateway,
            created_at: column::time("payment_method.created_at", row.created_at)?,
            updated_at: column::time("payment_method.updated_at", row.updated_at)?,
        })
    }
}

/// Runs `INSERT` or `UPDATE`, which take the same values in the same order; the token is not among
/// them. Another default method must be unset before.
async fn save(write: &mut Write, sql: &'static str, it: &PaymentMethod) -> Result<u64, StoreError> {
    let tenant = write.tenant();
    let texts = [it.brand.as_deref(), it.last4.as_deref(), it.holder.as_deref()];
    execute!(
        write.conn,
        sql,
        tenant,
        it.id.uuid(),
        it.customer_id.uuid(),
        it.external_id.as_ref().map(ExternalId::as_str),
        column::word(&it.kind),
        &it.brand,
        &it.last4,
        it.expiry_month.map(i64::from),
        it.expiry_year.map(i64::from),
        &it.holder,
        it.is_default,
        &it.gateway,
        search::text(&texts),
        column::micros(it.created_at),
        column::micros(it.updated_at),
    )
}

holding!(PaymentMethod, PaymentMethodId, PaymentMethodKind, "payment_method");

impl Read {
    /// The sealed token of a payment method, where it has one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payment_method_token(
        &mut self,
        id: PaymentMethodId,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, (Option<Vec<u8>>,), TOKEN, tenant, id.uuid())?;
        Ok(row.and_then(|(token,)| token))
    }

    /// A customer's default payment method, and those that `ids` name.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payment_methods_for(
        &mut self,
        customer: CustomerId,
        ids: &[PaymentMethodId],
    ) -> Result<Vec<PaymentMethod>, StoreError> {
        let tenant = self.tenant();
        // A list must not be empty; no row has the nil identifier.
        let mut places = vec![Uuid::nil()];
        places.extend(ids.iter().map(|id| id.uuid()));
        let rows = fetch_listed!(self.conn, Row, FOR, [tenant, customer.uuid()], places)?;
        rows.into_iter().map(PaymentMethod::try_from).collect()
    }

    /// A page of a customer's payment methods, the default one first, then newest first. The state
    /// that is asked for is `active` or `expired` on the day `today`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payment_methods_of_customer(
        &mut self,
        customer: CustomerId,
        list: &CustomerList,
        today: Date,
    ) -> Result<Page<PaymentMethod>, StoreError> {
        let key = |it: &PaymentMethod| {
            let ahead = if it.is_default { AHEAD } else { 0 };
            (column::micros(it.created_at) + ahead, it.id.uuid())
        };
        let month = i64::from(today.year()) * 12 + i64::from(today.month());
        page_of_customer!(self, Row, customer, list, key, month)
    }
}

/// What a gateway charges a stored method by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAt {
    /// Its token, sealed.
    pub sealed_token: Vec<u8>,
    /// What the provider calls the customer whom it belongs to.
    pub profile: Option<String>,
}

impl Read {
    /// What a gateway charges a customer's method by: nothing where the method is another
    /// customer's, or was stored at another gateway (PAY-15).
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payment_method_at_gateway(
        &mut self,
        id: PaymentMethodId,
        (customer, gateway): (CustomerId, GatewayId),
    ) -> Result<Option<StoredAt>, StoreError> {
        let (tenant, id) = (self.tenant(), id.uuid());
        let (customer, gateway) = (customer.uuid(), gateway.uuid());
        type Found = (Vec<u8>, Option<String>);
        let row = fetch_optional!(self.conn, Found, AT_GATEWAY, tenant, id, customer, gateway)?;
        Ok(row.map(|(sealed_token, profile)| StoredAt { sealed_token, profile }))
    }

    /// A customer's methods that are stored at a gateway, the default one first, at most 20.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payment_methods_of_gateway(
        &mut self,
        customer: CustomerId,
        gateway: GatewayId,
    ) -> Result<Vec<PaymentMethod>, StoreError> {
        let (tenant, customer, gateway) = (self.tenant(), customer.uuid(), gateway.uuid());
        let rows = fetch_all!(self.conn, Row, OF_GATEWAY, tenant, customer, gateway)?;
        rows.into_iter().map(PaymentMethod::try_from).collect()
    }

    /// Whether one of a customer's methods is the default one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn has_default_payment_method(
        &mut self,
        customer: CustomerId,
    ) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, (bool,), HAS_DEFAULT, tenant, customer.uuid())?;
        Ok(row.is_some_and(|(has,)| has))
    }

    /// What a gateway's provider calls a customer, where a method was stored there.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn gateway_profile(
        &mut self,
        customer: CustomerId,
        gateway: GatewayId,
    ) -> Result<Option<String>, StoreError> {
        let (tenant, customer, gateway) = (self.tenant(), customer.uuid(), gateway.uuid());
        let row = fetch_optional!(self.conn, (String,), PROFILE, tenant, customer, gateway)?;
        Ok(row.map(|(profile,)| profile))
    }
}

impl Write {
    /// Notes where a method is stored, and what it is charged by.
    ///
    /// # Errors
    /// `Affected` where there is no such method, or where the database fails.
    pub async fn set_payment_method_gateway(
        &mut self,
        id: PaymentMethodId,
        gateway: GatewayId,
        it: &StoredAt,
    ) -> Result<(), StoreError> {
        let (tenant, id, gateway) = (self.tenant(), id.uuid(), gateway.uuid());
        let (token, profile) = (&it.sealed_token, &it.profile);
        let met = execute!(self.conn, SET_GATEWAY, tenant, id, gateway, profile, token)?;
        StoreError::expect_one("gateway of a payment method", met)
    }

    /// Replaces the sealed token.
    ///
    /// # Errors
    /// `Affected` where there is no such method, or where the database fails.
    pub async fn set_payment_method_token(
        &mut self,
        id: PaymentMethodId,
        sealed: &[u8],
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let met = execute!(self.conn, SET_TOKEN, tenant, id.uuid(), sealed)?;
        StoreError::expect_one("token of a payment method", met)
    }

    /// Leaves `id` alone to be a customer's default method. The answer is which other one was it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn unset_default_payment_method(
        &mut self,
        customer: CustomerId,
        id: PaymentMethodId,
        now: jiff::Timestamp,
    ) -> Result<Option<PaymentMethodId>, StoreError> {
        let tenant = self.tenant();
        let (customer, now) = (customer.uuid(), column::micros(now));
        let row =
            fetch_optional!(self.conn, (Uuid,), UNSET_DEFAULT, tenant, customer, id.uuid(), now)?;
        Ok(row.map(|(id,)| id.into()))
    }
}
