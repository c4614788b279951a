package blob

const (
	sqlHave        = `SELECT size FROM blob_object WHERE sha256 = $1`
	sqlInsert      = `INSERT INTO blob_object (sha256, size, made_at) VALUES ($1, $2, $3) ON CONFLICT (sha256) DO NOTHING`
	sqlInsertChunk = `INSERT INTO blob_chunk (sha256, n, body) VALUES ($1, $2, $3) ON CONFLICT (sha256, n) DO NOTHING`
	sqlChunk       = `SELECT body FROM blob_chunk WHERE sha256 = $1 AND n = $2`
)
