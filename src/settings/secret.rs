//! Secrets: passwords and tokens, only from files of their own or from systemd credentials; never printable.
//!
//! Deliberately absent: secrets in the configuration itself, in the environment, on the command line. A file that others
//! may read is refused rather than used. No error here quotes a content.

use crate::settings::problem::Problem;
use secrecy::SecretString;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Longest secret that is read, in bytes (a refresh token has a few hundred).
const LONGEST_SECRET_BYTES: u64 = 8 * 1024;

/// Rights of a group or of others in the mode of a file.
const RIGHTS_OF_OTHERS: u32 = 0o077;

/// Start of a value that names a systemd credential instead of a file.
pub(crate) const CREDENTIAL_PREFIX: &str = "credential:";

/// Where a secret lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretPlace {
    /// A file (absolute path) that its owner alone may read.
    File(PathBuf),
    /// A credential of this name that systemd gives (`LoadCredential=`).
    Credential(String),
}

/// A secret by its place, never by its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretRef {
    /// Where it lies.
    pub place: SecretPlace,
    /// File, line and key that name it, for error texts.
    pub named_by: (String, usize, String),
}

impl SecretRef {
    /// Reads the secret; `credentials` is `$CREDENTIALS_DIRECTORY` where systemd gives one.
    ///
    /// # Errors
    /// A problem that names the key, the place and the remedy.
    pub fn read(&self, credentials: Option<&Path>) -> Result<SecretString, Problem> {
        match &self.place {
            SecretPlace::File(path) => self.read_file(path, true),
            SecretPlace::Credential(name) => {
                let Some(folder) = credentials else {
                    return Err(self.problem(format!(
                        "the credential \"{name}\" is given by systemd only; start the service with systemctl, or name a file"
                    )));
                };
                // systemd guards its folder itself; its access lists look like group rights.
                self.read_file(&folder.join(name), false)
            }
        }
    }

    fn read_file(&self, path: &Path, private: bool) -> Result<SecretString, Problem> {
        let shown = path.display();
        let mut file = File::open(path).map_err(|error| {
            self.problem(format!("cannot open the secret {shown}: {error}; create it with mode 0600"))
        })?;
        let about =
            file.metadata().map_err(|error| self.problem(format!("cannot look at the secret {shown}: {error}")))?;
        if !about.is_file() {
            return Err(self.problem(format!("the secret {shown} is not a file; name the file itself")));
        }
        if private && about.mode() & RIGHTS_OF_OTHERS != 0 {
            return Err(self.problem(format!("others may read the secret {shown}; run: chmod 600 {shown}")));
        }
        let mut text = String::new();
        (&mut file)
            .take(LONGEST_SECRET_BYTES + 1)
            .read_to_string(&mut text)
            .map_err(|_| self.problem(format!("the secret {shown} is not text; write it anew")))?;
        let secret = text.trim_end_matches(['\n', '\r']);
        if secret.trim().is_empty() {
            return Err(self.problem(format!("the secret {shown} is empty; write the secret into it, one line")));
        }
        if secret.contains('\n') || text.len() as u64 > LONGEST_SECRET_BYTES {
            return Err(
                self.problem(format!("the secret {shown} has more than one line; leave the secret alone in it"))
            );
        }
        Ok(SecretString::from(secret.to_owned()))
    }

    fn problem(&self, what: String) -> Problem {
        let (file, line, key) = self.named_by.clone();
        Problem { file, line: Some(line), key, what }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;
    use std::os::unix::fs::PermissionsExt;

    fn in_file(folder: &Path, content: &[u8], mode: u32) -> SecretRef {
        let path = folder.join("secret");
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        SecretRef { place: SecretPlace::File(path), named_by: ("z.toml".into(), 7, "post.smtp.password_file".into()) }
    }

    #[test]
    fn a_private_file_gives_its_line_without_the_line_end() {
        let folder = tempfile::tempdir().unwrap();
        let secret = in_file(folder.path(), b"abcd efgh\r\n", 0o600).read(None).unwrap();
        assert_eq!(secret.expose_secret(), "abcd efgh");
        assert!(!format!("{secret:?}").contains("abcd"));
    }

    #[test]
    fn a_file_that_others_may_read_is_refused_with_the_remedy_and_without_its_content() {
        let folder = tempfile::tempdir().unwrap();
        for mode in [0o640, 0o604, 0o660, 0o610] {
            let problem = in_file(folder.path(), b"hunter2", mode).read(None).unwrap_err().to_string();
            assert!(problem.starts_with("z.toml:7: post.smtp.password_file: others may read"), "{problem}");
            assert!(problem.contains("chmod 600") && !problem.contains("hunter2"), "{problem}");
        }
    }

    #[test]
    fn missing_empty_binary_and_many_lined_secrets_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        for content in [&b""[..], b"\n", b" \n", b"one\ntwo", b"\xff\xfe", &[b'x'; 9000]] {
            assert!(in_file(folder.path(), content, 0o600).read(None).is_err(), "{content:?}");
        }
        let mut absent = in_file(folder.path(), b"x", 0o600);
        absent.place = SecretPlace::File(folder.path().join("absent"));
        assert!(absent.read(None).unwrap_err().what.contains("create it"));
    }

    #[test]
    fn credentials_come_from_the_folder_of_systemd_and_from_nowhere_else() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("mailbox-1"), "token\n").unwrap();
        let secret = SecretRef {
            place: SecretPlace::Credential("mailbox-1".into()),
            named_by: ("z.toml".into(), 1, "k".into()),
        };
        assert_eq!(secret.read(Some(folder.path())).unwrap().expose_secret(), "token");
        assert!(secret.read(None).unwrap_err().what.contains("systemctl"));
    }
}
