import { afterEach } from 'vitest'
import { freeDatabases } from './database.ts'

// After what each test does at its end itself.
afterEach(freeDatabases)
