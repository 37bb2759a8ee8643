//! Sign-ups: those that wait for their address to be proven, and what became of them.

use jiff::Timestamp;
use portico_billing::account::CustomerKind;
use portico_billing::sign_up::Given;
use portico_billing::{BrandId, CustomerId, EmailAddress, OrganisationId, SignUpId};
use uuid::Uuid;

use crate::{Directory, Read, StoreError, Write, column};

macro_rules! columns {
    () => {
        "SELECT s.organisation_id, s.id, s.brand_id, s.kind, s.email, s.person_key, \
         s.sealed_form, s.address, s.created_at, s.expires_at, s.used_at, s.customer_id, \
         s.had_value FROM sign_up s "
    };
}

statements! {
    INSERT = "INSERT INTO sign_up (organisation_id, id, brand_id, kind, email, email_key, \
        person_key, sealed_form, token_hash, address, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    BY_TOKEN = concat!(columns!(), "WHERE s.token_hash = $1");
    FIND = concat!(columns!(), "WHERE s.organisation_id = $1 AND s.id = $2");
    OF_CUSTOMER = concat!(columns!(), "WHERE s.organisation_id = $1 AND s.customer_id = $2");
    COUNT_WAITING = "SELECT COUNT(*) FROM customer \
        WHERE organisation_id = $1 AND status = 'pending_approval'";
    /// Lets confirmations on one brand pass one after the other, so that counts are exact.
    HOLD_BRAND = "UPDATE brand SET name = name WHERE organisation_id = $1 AND id = $2";
    /// The condition decides a race: one of all who try at once meets the row.
    USE = "UPDATE sign_up SET used_at = $3 WHERE organisation_id = $1 AND id = $2 \
        AND used_at IS NULL AND expires_at > $3";
    /// The form has done its work: nothing of it is kept.
    CLOSE = "UPDATE sign_up SET customer_id = $3, had_value = $4, sealed_form = $5 \
        WHERE organisation_id = $1 AND id = $2";
    COPIED = "UPDATE sign_up SET copied_at = $3 WHERE organisation_id = $1 AND customer_id = $2 \
        AND copied_at IS NULL";
    IS_KNOWN = "SELECT EXISTS (SELECT 1 FROM contact k JOIN customer c \
        ON c.organisation_id = k.organisation_id AND c.id = k.customer_id \
        WHERE k.organisation_id = $1 AND k.email_key = $3 AND c.brand_id = $2)";
    COUNT_OF_EMAIL = "SELECT COUNT(*) FROM sign_up WHERE organisation_id = $1 \
        AND brand_id = $2 AND email_key = $3 AND created_at > $4 AND (created_at, id) <= ($5, $6)";
    COUNT_OF_BRAND = "SELECT COUNT(*) FROM sign_up WHERE organisation_id = $1 \
        AND brand_id = $2 AND created_at > $3 AND (created_at, id) <= ($4, $5)";
    COUNT_USED_OF_BRAND = "SELECT COUNT(*) FROM sign_up WHERE organisation_id = $1 \
        AND brand_id = $2 AND customer_id IS NOT NULL AND used_at > $3";
    GIVEN = "SELECT \
        (SELECT COUNT(*) FROM sign_up WHERE organisation_id = $1 AND brand_id = $2 \
            AND had_value AND person_key = $3), \
        (SELECT COUNT(*) FROM sign_up WHERE organisation_id = $1 AND brand_id = $2 \
            AND had_value AND used_at > $5 AND address = $4), \
        (SELECT COUNT(*) FROM sign_up WHERE organisation_id = $1 AND brand_id = $2 \
            AND had_value AND used_at > $5)";
    SET_TEMPLATE =
        "UPDATE customer SET template_id = $3 WHERE organisation_id = $1 AND id = $2";
    TEMPLATE = "SELECT template_id FROM customer WHERE organisation_id = $1 AND id = $2";
    DELETE_OLD = "DELETE FROM sign_up \
        WHERE organisation_id = $1 AND expires_at < $2 AND customer_id IS NULL";
}

#[derive(sqlx::FromRow)]
struct Row {
    organisation_id: Uuid,
    id: Uuid,
    brand_id: Uuid,
    kind: String,
    email: String,
    person_key: String,
    sealed_form: Vec<u8>,
    address: String,
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
    customer_id: Option<Uuid>,
    had_value: bool,
}

/// A sign-up that is about to wait.
pub struct NewSignUp {
    /// Identifier.
    pub id: SignUpId,
    /// The brand on whose portal it was sent.
    pub brand_id: BrandId,
    /// Customer or carrier.
    pub kind: CustomerKind,
    /// The address that is to be proven.
    pub email: EmailAddress,
    /// Whose address that is; see [`portico_billing::sign_up::person_key`].
    pub person_key: String,
    /// What was filled in, sealed.
    pub sealed_form: Vec<u8>,
    /// Hash of the token that proves the address.
    pub token_hash: Vec<u8>,
    /// Where it came from, as it is counted.
    pub address: String,
    /// When it was sent.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A sign-up as stored.
#[derive(Debug, Clone)]
pub struct SignUp {
    /// Identifier.
    pub id: SignUpId,
    /// The tenant.
    pub organisation_id: OrganisationId,
    /// The brand on whose portal it was sent.
    pub brand_id: BrandId,
    /// Customer or carrier.
    pub kind: CustomerKind,
    /// The address that is to be proven.
    pub email: EmailAddress,
    /// Whose address that is.
    pub person_key: String,
    /// What was filled in, sealed; empty once it was used.
    pub sealed_form: Vec<u8>,
    /// Where it came from, as it is counted.
    pub address: String,
    /// When it was sent.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When the address was proven.
    pub used_at: Option<Timestamp>,
    /// The customer that came of it.
    pub customer_id: Option<CustomerId>,
    /// Whether the customer gets what its template has of value.
    pub had_value: bool,
}

impl TryFrom<Row> for SignUp {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: SignUpId::from(row.id),
            organisation_id: OrganisationId::from(row.organisation_id),
            brand_id: BrandId::from(row.brand_id),
            kind: column::from_word("sign_up.kind", &row.kind)?,
            email: column::parse("sign_up.email", &row.email)?,
            person_key: row.person_key,
            sealed_form: row.sealed_form,
            address: row.address,
            created_at: column::time("sign_up.created_at", row.created_at)?,
            expires_at: column::time("sign_up.expires_at", row.expires_at)?,
            used_at: column::time_opt("sign_up.used_at", row.used_at)?,
            customer_id: row.customer_id.map(CustomerId::from),
            had_value: row.had_value,
        })
    }
}

fn count(row: Option<(i64,)>) -> Result<u32, StoreError> {
    column::number("sign_up", row.map_or(0, |(count,)| count))
}

impl Directory {
    /// The sign-up with this hash, whatever its state.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn sign_up(&mut self, token_hash: &[u8]) -> Result<Option<SignUp>, StoreError> {
        fetch_optional!(self.conn, Row, BY_TOKEN, token_hash)?.map(SignUp::try_from).transpose()
    }
}

impl Read {
    /// The sign-up with this identifier.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn sign_up(&mut self, id: SignUpId) -> Result<Option<SignUp>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND, tenant, id.uuid())?;
        row.map(SignUp::try_from).transpose()
    }

    /// The sign-up that a customer came of.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn sign_up_of(&mut self, id: CustomerId) -> Result<Option<SignUp>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, OF_CUSTOMER, tenant, id.uuid())?;
        row.map(SignUp::try_from).transpose()
    }

    /// How many customers wait for the staff.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_waiting_sign_ups(&mut self) -> Result<u32, StoreError> {
        let tenant = self.tenant();
        count(fetch_optional!(self.conn, (i64,), COUNT_WAITING, tenant)?)
    }

    /// Whether somebody has an account with this address on the brand, whatever its state.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn is_known_contact(
        &mut self,
        brand: BrandId,
        email: &EmailAddress,
    ) -> Result<bool, StoreError> {
        let (tenant, brand, key) = (self.tenant(), brand.uuid(), email.key());
        let found = fetch_optional!(self.conn, (bool,), IS_KNOWN, tenant, brand, key)?;
        Ok(found.is_some_and(|(known,)| known))
    }

    /// Which sign-up it is, counted from `since`: of those with its address, and of all on its
    /// brand.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn rank_of_sign_up(
        &mut self,
        it: &SignUp,
        since: Timestamp,
    ) -> Result<(u32, u32), StoreError> {
        let (tenant, brand, key) = (self.tenant(), it.brand_id.uuid(), it.email.key());
        let (since, until, id) =
            (column::micros(since), column::micros(it.created_at), it.id.uuid());
        macro_rules! ranked {
            ($sql:expr $(, $of:expr)*) => {
                fetch_optional!(self.conn, (i64,), $sql, tenant, brand $(, $of)*, since, until, id)?
            };
        }
        let of_email = ranked!(COUNT_OF_EMAIL, &key);
        let of_brand = ranked!(COUNT_OF_BRAND);
        Ok((count(of_email)?, count(of_brand)?))
    }

    /// How many customers came of sign-ups on the brand since then.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_confirmed_sign_ups(
        &mut self,
        brand: BrandId,
        since: Timestamp,
    ) -> Result<u32, StoreError> {
        let (tenant, brand, since) = (self.tenant(), brand.uuid(), column::micros(since));
        count(fetch_optional!(self.conn, (i64,), COUNT_USED_OF_BRAND, tenant, brand, since)?)
    }

    /// What was given away of value before `sign_up`, within a day since `day_ago`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn given_value(
        &mut self,
        sign_up: &SignUp,
        day_ago: Timestamp,
    ) -> Result<Given, StoreError> {
        let (tenant, brand, since) =
            (self.tenant(), sign_up.brand_id.uuid(), column::micros(day_ago));
        let (person, address) = (&sign_up.person_key, &sign_up.address);
        let row = fetch_optional!(
            self.conn,
            (i64, i64, i64),
            GIVEN,
            tenant,
            brand,
            person,
            address,
            since
        )?;
        let (to_person, to_address, on_brand) = row.unwrap_or_default();
        Ok(Given {
            to_person: column::number("sign_up", to_person)?,
            to_address: column::number("sign_up", to_address)?,
            on_brand: column::number("sign_up", on_brand)?,
        })
    }

    /// The template that a customer was made from.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn template_of(&mut self, id: CustomerId) -> Result<Option<CustomerId>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, (Option<Uuid>,), TEMPLATE, tenant, id.uuid())?;
        Ok(row.and_then(|(id,)| id).map(CustomerId::from))
    }
}

impl Write {
    /// Adds a sign-up.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_sign_up(&mut self, it: &NewSignUp) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(
            self.conn,
            INSERT,
            tenant,
            it.id.uuid(),
            it.brand_id.uuid(),
            column::word(&it.kind),
            it.email.as_str(),
            it.email.key(),
            &it.person_key,
            &it.sealed_form,
            &it.token_hash,
            &it.address,
            column::micros(it.created_at),
            column::micros(it.expires_at),
        )
        .map(drop)
    }

    /// Waits until no other sign-up is being confirmed on the brand, and keeps others waiting
    /// until this unit of work ends.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn hold_sign_ups(&mut self, brand: BrandId) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, HOLD_BRAND, tenant, brand.uuid()).map(drop)
    }

    /// Uses a sign-up. Of all who try at once exactly one is told that it worked.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn use_sign_up(&mut self, id: SignUpId, now: Timestamp) -> Result<bool, StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        Ok(execute!(self.conn, USE, tenant, id.uuid(), now)? == 1)
    }

    /// Notes that a customer got the template's records. The answer is whether that was not so yet.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn mark_sign_up_copied(
        &mut self,
        customer: CustomerId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        Ok(execute!(self.conn, COPIED, tenant, customer.uuid(), now)? == 1)
    }

    /// Notes what came of a sign-up, and forgets what was filled in.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn close_sign_up(
        &mut self,
        id: SignUpId,
        customer: Option<CustomerId>,
        had_value: bool,
    ) -> Result<(), StoreError> {
        let (tenant, customer) = (self.tenant(), customer.map(CustomerId::uuid));
        let nothing: &[u8] = &[];
        execute!(self.conn, CLOSE, tenant, id.uuid(), customer, had_value, nothing).map(drop)
    }

    /// Notes which template a customer was made from.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_template(
        &mut self,
        customer: CustomerId,
        template: CustomerId,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let met = execute!(self.conn, SET_TEMPLATE, tenant, customer.uuid(), template.uuid())?;
        StoreError::expect_one("template of a customer", met)
    }

    /// Deletes sign-ups that ended before `end` without a customer.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_sign_ups(&mut self, end: Timestamp) -> Result<u64, StoreError> {
        let (tenant, end) = (self.tenant(), column::micros(end));
        execute!(self.conn, DELETE_OLD, tenant, end)
    }
}
