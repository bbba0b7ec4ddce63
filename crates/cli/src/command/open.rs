//! `flakescope open`: a run or an attempt in the browser.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Command, Stdio};

use server::api::Access;
use store::PrefixMatch;

use super::serve::{self, Server};
use super::{open_store_in, show};
use crate::args::OpenArgs;
use crate::exit::{Ending, Failure};
use crate::report::style::ColorChoice;
use crate::talk::{self, Output};

/// What opens an address with the program that the user likes for it.
const OPENER: &str = "xdg-open";

/// Opens the page of a run or an attempt. If no server of the store lives, this is one, until it is told to stop.
///
/// # Errors
/// When there is none or several with this id, or the store cannot be read.
pub(crate) fn run(args: &OpenArgs, color: ColorChoice) -> Result<Ending, Failure> {
    let style = talk::style(Output::Stderr, color);
    let (folder, store) = open_store_in(&args.place)?;
    let path = match &args.id {
        Some(id) => match show::find(&*store, id)? {
            PrefixMatch::Run(id) => format!("/runs/{id}"),
            PrefixMatch::Attempt(id) => format!("/a/{id}"),
        },
        None => "/runs".to_owned(),
    };
    if let Some(server) = serve::live(&folder) {
        return show_page(&server.page(&path), args.no_browser);
    }
    let server = Server::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    let address = serve::address_of(server.address());
    serve::warn_without_pages(&style, server::api::are_embedded());
    show_page(&format!("{address}{path}"), args.no_browser)?;
    talk::say(&style, "serving until Ctrl-C");
    let api = serve::api(store, &folder, Access::Loopback);
    server.run(server::api::router(api))?;
    Ok(Ending::Done)
}

/// Prints an address, and opens it unless asked not to. Where there is no browser, the address is enough.
fn show_page(address: &str, no_browser: bool) -> Result<Ending, Failure> {
    if !no_browser {
        let mut opener = Command::new(OPENER);
        opener
            .arg(address)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let _none_here = opener.spawn();
    }
    super::print(format!("{address}\n").as_bytes())
}
