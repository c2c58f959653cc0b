"""Operations for auditors: verification, export and log proofs."""
