//! A broker with TLS that takes any certificate.

use crate::project::redis::client::Client;
use crate::project::redis::text::Scheme;
use crate::project::redis::urls::RedisUrl;
use crate::project::url::{HOLE, SplitUrl};
use crate::rule::{Context, Fault, Findings, report_urls};

/// Reports each `rediss://` URL of Celery's broker that does not say how certificates are checked.
pub fn check(context: &Context, findings: &mut Findings) {
    report_urls(context, findings, fault);
}

fn fault(url: &RedisUrl, shown: &str) -> Option<Fault> {
    // What is set beside the URL may hold `ssl_cert_reqs`.
    if url.client != Client::CeleryBroker || url.options.is_open {
        return None;
    }
    let parts = SplitUrl::parse(&url.text).ok()?;
    let is_tls = Scheme::of(&url.text).name().as_deref() == Some("rediss");
    let says_nothing = !parts.query.contains(HOLE) && parts.options().iter().all(|(name, _)| name != "ssl_cert_reqs");
    (is_tls && says_nothing).then(|| {
        Fault::new(
            format!(
                "{shown} has no `ssl_cert_reqs`, without which Kombu takes any certificate: whoever is on the way can \
                 read and change what is sent"
            ),
            "append `?ssl_cert_reqs=required`",
        )
        .uncertain()
    })
}
