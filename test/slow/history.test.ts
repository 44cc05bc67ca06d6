import { test } from 'vitest'
import { expectEachKept } from '../support/history-acts.ts'
import { expectOneLetterOf } from '../support/history-letters.ts'

const HISTORIES = 60

test('readers get one letter of a thousand articles that came at once', () => expectOneLetterOf(1000))

test(`whatever authors do in ${HISTORIES} histories, each article keeps its entry`, () => expectEachKept(HISTORIES))
