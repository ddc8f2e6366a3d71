//! Where systemd puts the credentials of the service (`LoadCredential=`).

use std::path::PathBuf;

/// The folder of credentials; `None` where systemd gives none.
pub fn folder() -> Option<PathBuf> {
    std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from)
}
