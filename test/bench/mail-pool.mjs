// node mail-pool.mjs SITE PORT LETTERS [KEY]: a plain pool of nodemailer that sends the letters which Feedwire sends
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { argv } from 'node:process'
import { createTransport } from 'nodemailer'
import { CONNECTIONS, DOMAIN, READER, SELECTOR, readerAt } from './mail-site.mjs'

const [, , site = '', port = '', letters = '', key] = argv
const html = readFileSync(join(site, 'letter.html'), 'utf8')
const text = readFileSync(join(site, 'letter.txt'), 'utf8')
const dkim =
  key === undefined
    ? {}
    : { dkim: { domainName: DOMAIN, keySelector: SELECTOR, privateKey: readFileSync(key, 'utf8') } }
const pool = createTransport({
  ...{ host: '127.0.0.1', port: Number(port), pool: true, maxConnections: CONNECTIONS, maxMessages: Infinity },
  ...{ ignoreTLS: true, ...dkim },
})

/** The next letter is made when one is gone: the pool would keep all that it is given in memory. */
let next = 0
const workers = Array.from({ length: CONNECTIONS * 2 }, async () => {
  while (next < Number(letters)) await pool.sendMail(letterTo(next++))
})
await Promise.all(workers)
pool.close()

/** @param {number} number */
function letterTo(number) {
  const reader = readerAt(number)
  const leave = `bounces+u.${number}.0123456789abcd@${DOMAIN}`
  return {
    from: { name: 'Ada', address: `digest@${DOMAIN}` },
    to: reader,
    subject: '20 new articles: tides, wind and the moon',
    messageId: `<1.${number}@${DOMAIN}>`,
    envelope: { from: `bounces+b.${number}.0123456789abcd@${DOMAIN}`, to: reader },
    list: {
      id: `digest.${DOMAIN}`,
      help: `https://${DOMAIN}/subscribe.html`,
      archive: `https://${DOMAIN}/digests/`,
      unsubscribe: `mailto:${leave}?subject=unsubscribe`,
    },
    text: text.replaceAll(READER, reader),
    html: html.replaceAll(READER, reader),
  }
}
