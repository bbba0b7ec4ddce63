//! `flakescope serve`: takes in OTLP, and serves the HTTP API and the web pages over a store, until it is told to stop.

mod announce;
mod keep;
mod listen;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use recorder::door::Taker;
use server::api::{Access, Api};
use store::Store;

use crate::args::{PlaceArgs, ServeArgs};
use crate::config::{self, Config};
use crate::exit::{self, Ending, Failure};
use crate::project::Project;
use crate::report::style::{ColorChoice, Style};
use crate::talk::{self, Output};

use keep::Keeping;

pub(super) use announce::{Live, live};
pub(super) use listen::Server;

/// Serves until a signal says to stop.
///
/// # Errors
/// When the store cannot be opened, or the address cannot be listened on.
pub(crate) fn run(args: &ServeArgs, color: ColorChoice) -> Result<Ending, Failure> {
    let style = talk::style(Output::Stderr, color);
    let place = Place::of(&args.place)?;
    let folder = place.folder;
    let store: Arc<dyn Store> = store::open(&folder)?;
    let access = access(args.listen, args.token.as_deref())?;
    let server = Server::bind(args.listen)?;
    let announced = Live {
        address: address_of(server.address()),
        token: match &access {
            Access::Token(token) => Some(token.clone()),
            Access::Loopback => None,
        },
    };
    let held = announce::announce(&folder, &announced);
    talk::say(&style, &format!("serving {}", folder.display()));
    if let Err(error) = &held {
        talk::say(
            &style,
            &format!("other commands cannot find this server: {error}"),
        );
    }
    warn_without_pages(&style, server::api::are_embedded());
    super::print(format!("{}\n", announced.page("/")).as_bytes())?;
    talk::say(&style, "stop with Ctrl-C");
    let keeping = Keeping::start(&store, &folder, &place.project, &place.config, style)?;
    let taker = Taker::Server {
        keep: keeping.keep(),
        token: announced.token,
    };
    let pages = server::api::router(api(store, &folder, access));
    let served = server.run(recorder::door::router(taker, pages));
    keeping.finish();
    served.map(|()| Ending::Done)
}

/// What the API answers from.
pub(super) fn api(store: Arc<dyn Store>, folder: &Path, access: Access) -> Api {
    Api {
        store,
        folder: folder.to_owned(),
        access,
        version: env!("CARGO_PKG_VERSION"),
    }
}

/// Says once, where the address is about to be printed, that a browser will find no pages there.
pub(super) fn warn_without_pages(style: &Style, embedded: bool) {
    if let Some(warning) = without_pages(embedded) {
        talk::say(style, warning);
    }
}

fn without_pages(embedded: bool) -> Option<&'static str> {
    (!embedded).then_some(
        "warning: the web pages are not in this program, only the API answers\n\
         hint: `cargo xtask pages` builds them; then build the program again",
    )
}

/// A project with its store and its settings.
struct Place {
    folder: PathBuf,
    project: Project,
    config: Config,
}

impl Place {
    fn of(place: &PlaceArgs) -> Result<Self, Failure> {
        let cwd = std::env::current_dir().context("read the working directory")?;
        let project = Project::locate(&cwd, place.config.as_deref());
        match config::load(project.config.as_deref()) {
            (_, Some(mistakes)) => Err(Failure::new(exit::FAILED, mistakes)),
            (config, None) => Ok(Self {
                folder: project.store(&cwd, place.store.as_deref()),
                project,
                config,
            }),
        }
    }
}

/// Whoever can reach more than the loopback must show a token, given or made up.
fn access(listen: SocketAddr, token: Option<&str>) -> Result<Access, Failure> {
    match token {
        Some("") => Err(Failure::message(exit::USAGE, "the token is empty")
            .hint("leave --token away to have one made up")),
        Some(token) if !token.bytes().all(|byte| byte.is_ascii_alphanumeric()) => Err(
            Failure::message(exit::USAGE, "a token has letters and digits only"),
        ),
        Some(token) => Ok(Access::Token(token.to_owned())),
        None if listen.ip().is_loopback() => Ok(Access::Loopback),
        None => Ok(Access::Token(random_token()?)),
    }
}

fn random_token() -> Result<String, Failure> {
    let mut random = [0; 16];
    getrandom::fill(&mut random)
        .map_err(|error| Failure::message(exit::FAILED, format!("make up a token: {error}")))?;
    Ok(format!("{:032x}", u128::from_ne_bytes(random)))
}

/// The address as a browser on this machine takes it.
pub(super) fn address_of(bound: SocketAddr) -> String {
    let ip = match bound.ip() {
        ip if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, bound.port()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_addresses_ask_for_a_token() {
        let check = |listen: &str, token: Option<&str>, expected: Option<bool>| {
            let found = access(listen.parse().unwrap(), token);
            let asks = found.ok().map(|access| access != Access::Loopback);
            assert_eq!(asks, expected, "{listen} {token:?}");
        };
        check("127.0.0.1:0", None, Some(false));
        check("[::1]:0", None, Some(false));
        check("127.0.0.1:0", Some("abc"), Some(true));
        check("0.0.0.0:0", None, Some(true));
        check("10.0.0.1:4318", None, Some(true));
        check("10.0.0.1:4318", Some(""), None);
        check("10.0.0.1:4318", Some("a;b"), None);
    }

    #[test]
    fn a_program_without_pages_says_so() {
        assert_eq!(without_pages(true), None);
        assert!(without_pages(false).is_some_and(|said| said.contains("cargo xtask pages")));
    }

    #[test]
    fn addresses_can_be_opened() {
        let check = |bound: &str, expected: &str| {
            assert_eq!(address_of(bound.parse().unwrap()), expected);
        };
        check("127.0.0.1:4318", "http://127.0.0.1:4318");
        check("0.0.0.0:4318", "http://127.0.0.1:4318");
        check("[::1]:80", "http://[::1]:80");
    }
}
