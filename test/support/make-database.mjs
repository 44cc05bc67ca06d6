// Makes a database as a copy of another, unless it is there: make-database.mjs SERVER NAME TEMPLATE
import pg from 'pg'

const [, , server, name, template] = process.argv
const client = new pg.Client({ connectionString: `${server}/postgres` })
await client.connect()
try {
  await client.query(`create database ${name} template ${template}`)
} catch (error) {
  // 42P04: it is there.
  if (error.code !== '42P04') throw error
} finally {
  await client.end()
}
