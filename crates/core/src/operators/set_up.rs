//! The first operator of an organisation, by a link that only who runs the program can read.

use portico_billing::OperatorId;
use portico_billing::account::{Address, Organisation};
use portico_billing::permission::OperatorRole;
use portico_core_api::{EntryError, Origin};
use portico_store::Write;
use portico_store::operator::StoredOperator;
use portico_store::operator_link::OperatorLink;

use super::link::{self, OperatorLinkPurpose, refuse_any};
use super::{OperatorSecret, session};
use crate::audit::Change;
use crate::form::Form;
use crate::{Core, Failure, NewBrand, NewOrganisation, SetupError, strength};

/// What an installation's first organisation is called until its owner says so.
const FIRST_NAME: &str = "My company";

/// A link to make the first operator of an organisation with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetUpLink {
    /// The organisation's name.
    pub organisation: String,
    /// The link.
    pub url: String,
}

/// The first operator, and what its organisation is called.
#[derive(Debug, Clone)]
pub struct NewOwner {
    /// Name of the person.
    pub name: String,
    /// Name for signing in.
    pub email: String,
    /// Its password.
    pub password: String,
    /// Name of the organisation.
    pub organisation: String,
}

impl Core {
    /// Makes a link for each organisation that nobody can sign in to; links of earlier starts are
    /// void then. An installation without any organisation gets its first one.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn set_up_links(&self) -> Result<Vec<SetUpLink>, SetupError> {
        if self.organisations().await?.is_empty() {
            match self.create_first_organisation().await {
                // Where its host is in use by now, another process that starts was quicker.
                Ok(()) | Err(SetupError::InUse(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let without =
            async { self.inner.store.directory().await?.organisations_without_operator().await };
        let mut links = Vec::new();
        for (id, organisation) in without.await? {
            let mut write = self.inner.store.write(id).await?;
            let purpose = OperatorLinkPurpose::SetUp;
            write.consume_operator_links_for(purpose.word(), self.now()).await?;
            let url = link::insert(self, &mut write, None, purpose).await?;
            write.commit().await?;
            links.push(SetUpLink { organisation, url });
        }
        Ok(links)
    }

    async fn create_first_organisation(&self) -> Result<(), SetupError> {
        let organisation = NewOrganisation {
            name: FIRST_NAME.to_owned(),
            legal_name: None,
            email: None,
            phone: None,
            address: Address::default(),
            tax_ids: Vec::new(),
            time_zone: "UTC".to_owned(),
            currency: portico_billing::Currency::EUR,
            created_at: None,
        };
        let language = "en".parse().map_err(|_| Failure::Missing("language"))?;
        let brand = NewBrand::new(FIRST_NAME, vec!["localhost".to_owned()], language);
        self.create_organisation_with_brand(organisation, brand).await.map(drop)
    }

    /// Makes the first operator of an organisation, its owner, and signs it in.
    ///
    /// # Errors
    /// `Invalid` with faults by field, `LinkOver` where the link cannot be used or somebody can
    /// sign in to the organisation already, `TooMany`, or where the machinery fails.
    pub async fn set_up(
        &self,
        token: &str,
        new: NewOwner,
        origin: Origin,
    ) -> Result<OperatorSecret, EntryError> {
        let link = link::open(self, token, OperatorLinkPurpose::SetUp).await?;
        let mut form = Form::default();
        let organisation = form.required("organisation", &new.organisation);
        let name = form.required("name", &new.name);
        let email = form.email("email", &new.email);
        if new.email.trim().is_empty() {
            form.add("email", portico_core_api::Fault::Required);
        }
        if let Err(fault) = strength::check(&new.password, &[&new.email, &name, &organisation]) {
            form.add("new_password", fault);
        }
        refuse_any(form)?;
        let email = email.ok_or(EntryError::NO_LINK)?;
        let hash = self.inner.passwords.hash(&new.password).await?;
        let owner = StoredOperator {
            id: OperatorId::new(self.now(), self.id_bytes()),
            email,
            name,
            role: OperatorRole::Owner,
            password_hash: Some(hash),
            sealed_totp: None,
            totp_step: None,
            recovery_hashes: Vec::new(),
            language: None,
            disabled_at: None,
            signed_in_at: None,
            created_at: self.now(),
        };
        let entered = move_in(self, &link, owner, organisation, origin).await?;
        entered.ok_or(EntryError::NO_LINK)
    }
}

/// Writes all of it; nothing where somebody was quicker.
async fn move_in(
    core: &Core,
    link: &OperatorLink,
    owner: StoredOperator,
    organisation: String,
    origin: Origin,
) -> Result<Option<OperatorSecret>, Failure> {
    let mut write = core.inner.store.write(link.organisation_id).await?;
    write.hold_organisation().await?;
    let there = write.operators().await?;
    let taken = there.iter().any(StoredOperator::is_active);
    if taken || !write.consume_operator_link(link.id, core.now()).await? {
        return Ok(None);
    }
    let owner = save_owner(&mut write, &there, owner).await?;
    let caller = session::acting(&write, owner.id).calling_from(origin.address);
    let made = Change::new("operator.set_up").on(owner.id.uuid());
    let shown = serde_json::json!({"name": owner.name, "email": owner.email, "role": owner.role});
    made.to(&shown).write(core, &mut write, &caller).await?;
    rename(core, &mut write, organisation).await?;
    let secret = session::begin(core, &mut write, &owner, true, origin).await?;
    write.commit().await?;
    Ok(Some(secret))
}

/// Adds the owner. Who was invited but never came keeps its record.
async fn save_owner(
    write: &mut Write,
    there: &[StoredOperator],
    owner: StoredOperator,
) -> Result<StoredOperator, Failure> {
    let Some(invited) = there.iter().find(|it| it.email.key() == owner.email.key()) else {
        write.insert_operator(&owner).await?;
        return Ok(owner);
    };
    let owner = StoredOperator { id: invited.id, ..owner };
    write.update_operator(&owner).await?;
    let hash = owner.password_hash.as_deref().unwrap_or_default();
    write.set_operator_password(owner.id, hash).await?;
    write.set_operator_totp(owner.id, None, &[]).await?;
    Ok(owner)
}

/// Gives the organisation its name, and those of its brands that were called like it.
async fn rename(core: &Core, write: &mut Write, name: String) -> Result<(), Failure> {
    let Some(before) = write.organisation().await? else { return Ok(()) };
    if before.name == name {
        return Ok(());
    }
    for mut brand in write.brands().await? {
        if brand.name == before.name {
            brand.name.clone_from(&name);
            write.update_brand(&brand).await?;
        }
    }
    let after = Organisation { name, ..before.clone() };
    write.update_organisation(&after).await?;
    let caller = crate::Caller::system(before.id);
    let change = Change::new("organisation.updated").on(before.id.uuid()).changed(&before, &after);
    Ok(change.write(core, write, &caller).await?)
}
