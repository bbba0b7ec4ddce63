//! The fault proxy by itself: `fault-proxy LISTEN UPSTREAM [--plan FILE] [--admin ADDRESS] [--tcp]`.
//!
//! Prints the address at which it listens, and that of its admin requests, and ends when it is killed.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use fault_matrix::fault::{Plan, Proxy, serve_admin};

const USAGE: &str = "usage: fault-proxy LISTEN UPSTREAM [--plan FILE] [--admin ADDRESS] [--tcp]";

struct Arguments {
    listen: SocketAddr,
    upstream: SocketAddr,
    plan: Option<PathBuf>,
    admin: SocketAddr,
    is_tcp: bool,
}

fn main() -> Result<()> {
    let arguments = read(std::env::args().skip(1))?;
    let plan = match &arguments.plan {
        Some(file) => read_plan(file)?,
        None => Plan::default(),
    };
    let start = if arguments.is_tcp {
        Proxy::start_tcp
    } else {
        Proxy::start
    };
    let proxy = start(arguments.listen, arguments.upstream).context("failed to listen")?;
    proxy.follow(plan)?;
    let admin = TcpListener::bind(arguments.admin).context("failed to listen for the admin")?;
    println!("{} {}", proxy.address(), admin.local_addr()?);
    serve_admin(&proxy, &admin).context("failed to answer the admin")
}

fn read(mut words: impl Iterator<Item = String>) -> Result<Arguments> {
    let mut places = Vec::new();
    let (mut plan, mut admin, mut is_tcp) = (None, "127.0.0.1:0".to_owned(), false);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--plan" => plan = Some(words.next().context(USAGE)?.into()),
            "--admin" => admin = words.next().context(USAGE)?,
            "--tcp" => is_tcp = true,
            _ if word.starts_with('-') => bail!(USAGE),
            _ => places.push(word.parse().context(USAGE)?),
        }
    }
    let [listen, upstream] = places[..] else {
        bail!(USAGE);
    };
    Ok(Arguments {
        listen,
        upstream,
        plan,
        admin: admin.parse().context(USAGE)?,
        is_tcp,
    })
}

fn read_plan(file: &PathBuf) -> Result<Plan> {
    let text = std::fs::read(file).with_context(|| format!("failed to read {}", file.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is no plan", file.display()))
}
