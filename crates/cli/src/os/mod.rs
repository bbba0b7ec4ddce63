//! The one module that calls the operating system for anything but reading and writing files: processes, signals,
//! permissions, free space. Linux is what it is written and tested for.

mod clock;
mod folders;
mod process;
mod signals;

pub(crate) use clock::now;
pub(crate) use folders::{
    agent_folders, free_bytes, private_owner, replace_file, replace_file_with, spool_folders,
    writable,
};
pub(crate) use process::{exec, leave_as, output_within, spawn};
pub(crate) use signals::Relay;
