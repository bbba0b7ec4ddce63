//! How recordings are signed: the store keeps signatures and does not know the diagnosis, the diagnosis makes them and does
//! not know the store.

use store::Signer;

/// The diagnosis' way of signing, for everybody who asks a store for evidence.
pub const SIGNER: Signer = Signer {
    version: diagnosis::SIGNATURE_VERSION,
    sign: diagnosis::signature,
};
