//! What the staff does for contacts beside changing their records.

mod password_link;
