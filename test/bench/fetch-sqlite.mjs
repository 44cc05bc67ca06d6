// node --import fetch-sqlite.mjs …: counts the SQL statements of a program and writes their number, at its end, to
// statements.txt in the folder where it runs.
import { writeFileSync } from 'node:fs'

// The built-in one from the version on that has it without a flag and a warning; as the program does.
const builtIn = 'node:sqlite'
const isBuiltIn = Number(process.versions.node.split('.')[0]) >= 24
/** @type {typeof import('@photostructure/sqlite')} */
const { DatabaseSync } = await import(isBuiltIn ? builtIn : '@photostructure/sqlite')
export { DatabaseSync }

let count = 0
const { exec, prepare } = DatabaseSync.prototype
const methods = {
  /** @this {object} @param {unknown[]} values */
  exec(...values) {
    count += 1
    return Reflect.apply(exec, this, values)
  },
  /** @this {object} @param {unknown[]} values */
  prepare(...values) {
    const statement = Reflect.apply(prepare, this, values)
    for (const name of ['run', 'get', 'all']) counting(statement, name)
    return statement
  },
}
// The methods of the backport cannot be replaced, its prototype can.
const areSet = Object.entries(methods).every(([name, method]) => Reflect.set(DatabaseSync.prototype, name, method))
if (!areSet) DatabaseSync.prototype = Object.create(DatabaseSync.prototype, Object.getOwnPropertyDescriptors(methods))
process.on('exit', () => writeFileSync('statements.txt', String(count)))

/**
 * @param {object} statement
 * @param {string} name
 */
function counting(statement, name) {
  const before = Reflect.get(statement, name)
  const value = (/** @type {unknown[]} */ ...values) => {
    count += 1
    return Reflect.apply(before, statement, values)
  }
  Object.defineProperty(statement, name, { value })
}
