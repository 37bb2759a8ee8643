//! Whose data a connection may touch.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use portico_billing::OrganisationId;
use uuid::Uuid;

use crate::StoreError;
#[cfg(debug_assertions)]
use crate::crash;
use crate::exec::Conn;

/// Look-ups that find out which tenant a request belongs to.
pub struct Directory {
    pub(crate) conn: Conn,
}

/// Reads the data of one tenant.
pub struct Read {
    pub(crate) conn: Conn,
    pub(crate) organisation: OrganisationId,
}

impl Read {
    /// The tenant.
    #[must_use]
    pub const fn organisation_id(&self) -> OrganisationId {
        self.organisation
    }

    /// The tenant as it is bound to statements.
    pub(crate) fn tenant(&self) -> Uuid {
        self.organisation.uuid()
    }
}

/// A unit of work on the data of one tenant; reads see what it wrote. Dropped without
/// [`Write::commit`], nothing of it lasts.
pub struct Write {
    read: Read,
    commits: Arc<AtomicU64>,
}

impl Write {
    pub(crate) fn new(read: Read, commits: Arc<AtomicU64>) -> Self {
        Self { read, commits }
    }

    /// Makes all of it last.
    ///
    /// # Errors
    /// Where the database does not confirm it; whether it lasted is then unknown.
    pub async fn commit(self) -> Result<(), StoreError> {
        #[cfg(debug_assertions)]
        crash::point("before a commit");
        let committed = self.read.conn.commit().await;
        #[cfg(debug_assertions)]
        crash::point("after a commit");
        // Also where the answer is an error: it may have lasted all the same.
        self.commits.fetch_add(1, Ordering::SeqCst);
        Ok(committed?)
    }
}

impl Deref for Write {
    type Target = Read;

    fn deref(&self) -> &Read {
        &self.read
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut Read {
        &mut self.read
    }
}
