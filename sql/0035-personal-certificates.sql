-- Papers that a party signs with a certificate of its own: whose, as in certificate.holder.
ALTER TABLE paper ADD COLUMN signer TEXT NOT NULL DEFAULT '';
