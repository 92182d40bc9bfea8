-- A PDF whose scripts, programs or files inside act by themselves is taken, and marked.
ALTER TABLE material ADD COLUMN active TEXT NOT NULL DEFAULT '';  -- script, launch, files, with blanks between; '': none known
