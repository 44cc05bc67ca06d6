import { Problem } from '../problem.ts'

/** The mail server cannot be reached, or what answers there is none. */
export function unreachable(reason: string, where: string): Problem {
  return new Problem('smtp-unreachable', `Cannot reach the mail server: ${reason}`, {
    where,
    mend: 'check host and port in mail.smtp and that the server is up; letters wait for the next run',
  })
}

export function notSafe(reason: string, where: string): Problem {
  return new Problem('smtp-tls', `Cannot make a safe connection to the mail server: ${reason}`, {
    where,
    mend: 'use smtps:// for port 465 and smtp:// for 587; for a certificate of your own set NODE_EXTRA_CA_CERTS',
  })
}

export function loginRefused(reason: string, where: string): Problem {
  return new Problem('smtp-auth', `Cannot log in to the mail server: ${reason}`, {
    where,
    mend: 'check the user and the password in mail.smtp; special characters in them are written as %XX',
  })
}

/** The server is overloaded, going down, or has had enough of us for now. */
export function busy(reply: string, where: string): Problem {
  return new Problem('smtp-busy', `The mail server takes no letters now: ${reply}`, {
    where,
    mend: 'letters wait for the next run; if this lasts, lower mail.connections or ask whoever runs the server',
    severity: 'warning',
  })
}

export function refuses(reply: string, where: string): Problem {
  return new Problem('smtp-refuses', `The mail server does not send for us: ${reply}`, {
    where,
    mend: 'check that mail.from may be sent through this server, and that mail.smtp has the user and password it wants',
  })
}

export function tooBig(reason: string, where: string): Problem {
  return new Problem('smtp-too-big', `The mail server takes no letter this large: ${reason}`, {
    where,
    mend: 'lower digest.max_entries, or ask whoever runs the server for a larger limit',
  })
}
