//! A Chromium and its driver: the system's, or those that the environment names; and a Firefox, if there can be one.
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::shell::{Outcome, Project, run, said, timed};

/// A Chromium and its driver, of the same major version.
pub(crate) struct Browser {
    /// The browser's program.
    pub(crate) chrome: PathBuf,
    /// The program that lets a test drive it.
    pub(crate) driver: PathBuf,
}

impl Browser {
    /// The system's Chromium and its driver; on Debian, and as root, they are installed.
    pub(crate) fn find(project: &Project) -> Result<Self, String> {
        if let Some(found) = Self::present(project) {
            return found.of_one_version(project);
        }
        let how = "Chromium and its driver are missing. Install both, then try again (Debian, as root: apt-get install \
             chromium chromium-driver), or name them in the environment variables CHROME and CHROMEDRIVER.";
        if !can_install(project) {
            return Err(how.to_owned());
        }
        timed("installing Chromium and its driver", || {
            install(project, &["chromium", "chromium-driver", "fonts-dejavu-core"])
        })
        .map_err(|problem| format!("{problem}\n{how}"))?;
        Self::present(project).ok_or(how)?.of_one_version(project)
    }

    /// Tells a program where the browser is, in the words that each of the test tools looks for.
    pub(crate) fn set<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("CHROME", &self.chrome).env("CHROME_PATH", &self.chrome).env("CHROMEDRIVER", &self.driver)
    }

    fn present(project: &Project) -> Option<Self> {
        let named =
            |variable: &str| std::env::var_os(variable).map(PathBuf::from).filter(|file| file.is_file());
        let first = |names: &[&str]| names.iter().find_map(|name| project.which(name));
        let chrome = named("CHROME").or_else(|| first(&["chromium", "chromium-browser", "google-chrome"]))?;
        let driver = named("CHROMEDRIVER").or_else(|| first(&["chromedriver"]))?;
        Some(Self { chrome, driver })
    }

    fn of_one_version(self, project: &Project) -> Result<Self, String> {
        let major = |file: &Path| {
            let said = project.version_of(&file.to_string_lossy())?;
            said.split_whitespace().find_map(|word| word.split('.').next()?.parse::<u32>().ok())
        };
        match (major(&self.chrome), major(&self.driver)) {
            (Some(chrome), Some(driver)) if chrome == driver => Ok(self),
            (Some(chrome), Some(driver)) => Err(format!(
                "Chromium is version {chrome} and its driver is {driver}: they must be the same. Install the pair again."
            )),
            _ => Err("Chromium or its driver does not start: run both with --version to see why.".to_owned()),
        }
    }
}

/// A second browser: on Debian, and as root, it is installed like the first. Without one, what it would show is left out.
pub(crate) fn prepare_firefox(project: &Project) {
    let present = std::env::var_os("FIREFOX").is_some()
        || ["firefox-esr", "firefox"].iter().any(|name| project.which(name).is_some());
    if !present
        && can_install(project)
        && let Err(problem) = timed("installing Firefox", || install(project, &["firefox-esr"]))
    {
        println!("{problem}");
    }
}

/// Debian's packages can be installed here.
fn can_install(project: &Project) -> bool {
    project.which("apt-get").is_some() && is_root(project)
}

fn install(project: &Project, packages: &[&str]) -> Outcome {
    let apt = |args: &[&str]| {
        let mut command = project.command("apt-get");
        run(command.args(args).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null()))
    };
    apt(&["update"])?;
    apt(&[&["install", "--yes", "--no-install-recommends"], packages].concat())
}

fn is_root(project: &Project) -> bool {
    said(project.command("id").arg("-u")).as_deref() == Some("0")
}
