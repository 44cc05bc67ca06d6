// Takes the lock of the store that is named and says so, then holds it until its input ends or it dies.
import { takeLock } from '../../src/remember/lock.ts'

const lock = await takeLock(process.argv[2] ?? '')
console.log(lock === null ? 'refused' : 'held')
process.stdin.on('end', () => void lock?.release()).resume()
