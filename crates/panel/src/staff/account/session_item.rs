//! One's own sessions, in words that their owner knows.

use jiff::Timestamp;
use portico_billing::OperatorSessionId;
use portico_core::OperatorSessionView;
use portico_ui::Device;
use serde::Serialize;

/// A session as listed.
#[derive(Debug, Clone, Serialize)]
pub struct SessionItem {
    id: OperatorSessionId,
    current: bool,
    device: Device,
    address: Option<String>,
    last_seen_at: Timestamp,
}

impl From<OperatorSessionView> for SessionItem {
    fn from(view: OperatorSessionView) -> Self {
        Self {
            device: Device::of(view.user_agent.as_deref().unwrap_or_default()),
            id: view.id,
            current: view.is_current,
            address: view.address,
            last_seen_at: view.last_seen_at,
        }
    }
}

impl SessionItem {
    /// Sessions of several devices.
    pub fn samples() -> Vec<Self> {
        let item = |number: u8, agent: &str, address: Option<&str>| Self {
            id: OperatorSessionId::new(Timestamp::UNIX_EPOCH, [number; 10]),
            current: number == 1,
            device: Device::of(agent),
            address: address.map(str::to_owned),
            last_seen_at: Timestamp::UNIX_EPOCH,
        };
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Mobile Safari/604.1";
        vec![
            item(1, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", Some("192.0.2.7")),
            item(2, phone, Some("2001:db8:85a3:8d3:1319:8a2e:370:7348")),
            item(3, "", None),
        ]
    }
}
