import { stringify } from 'yaml'
import type { Answers } from './answers.ts'
import type { Layout } from './layout.ts'
import type { SeenSite } from './seen-site.ts'

/** `feedwire.config.yaml` of a new site: what was answered and seen, and the rest as comments. */
export function configText(answers: Answers, seen: SeenSite, layout: Layout, timezone: string): string {
  return `# yaml-language-server: $schema=${layout.schema}
# Settings of Feedwire. Lines with "#" before them show what else there is; README.md lists all of it.

site:
  title: ${scalar(answers.title)}
  url: ${scalar(answers.url)}
  ${seen.description === null ? '# description: Latest updates' : `description: ${scalar(seen.description)}`}
  language: ${scalar(seen.language ?? 'en')}
  timezone: ${scalar(seen.timezone ?? timezone)} # of dates without a zone, and of schedules
  # author: { name: Ada, email: ada@example.org }
  # postal_address: Pier 4, Northport # letters show it, as the law of some countries wants
  # privacy: https://blog.example.org/privacy/ # what you do with addresses

# schedule: '*/15 * * * *' # when "feedwire start" gathers and publishes

sources:
  - kind: markdown
    dir: ${scalar(answers.articles)}${readAs(seen)}
    # exclude: ['*.draft.md']
    # link: https://blog.example.org/{year}/{month}/{slug}/ # where an article stands, if not where the site has it

# feeds:
#   entries: 50
#   content: full # or snippet
#   hold: 30m # how long a new entry waits before it is published and mailed

publish:
  dir: ${scalar(layout.publish)}
  ${publishUrl(answers, seen, layout)} # where that folder is served
  # after: rsync -a ${layout.publish}/ web:/srv/feeds/ # a command of yours, run when something was published

digest:
  schedule: ${scalar(answers.schedule)} # instant: with each run that finds something; or a cron line such as '0 8 * * 1'
  # first_run: 5 # of the articles that are there already, mail the five newest once
  templates: ${scalar(layout.templates)}

${mailText(answers)}

# web: # where readers join, choose and leave, while "feedwire start" or "feedwire serve" is at work
#   url: https://news.example.org/ # as readers reach it, through your proxy
#   port: 8080

# alerts:
#   mail: ada@example.org # who is told when something is wrong

# subscribers:
#   - reader@example.net

database: ${scalar(layout.database)}
`
}

function mailText({ from, smtp }: Answers): string {
  const sender = from === null ? '# from: Ada <digest@example.org> # needed for smtp' : `from: ${scalar(from)}`
  const server = `${smtp === null ? '# ' : ''}smtp: '\${SMTP_URL}' # in .env; without it letters become files in outbox/`
  if (from === null && smtp === null) return ['# mail:', sender, server].join('\n').replaceAll('\n# ', '\n#   ')
  return ['mail:', sender, server].join('\n  ')
}

/** Where a site has its own pages, ours stand in a folder below. */
function publishUrl({ url }: Answers, { program }: SeenSite, { publish }: Layout): string {
  if (program === 'plain' || program === 'obsidian') return `# url: ${scalar(url)}`
  const folder = publish.slice(publish.lastIndexOf('/') + 1)
  return `url: ${scalar(new URL(`${folder === 'public' ? 'updates' : folder}/`, withSlash(url)).href)}`
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`
}

function readAs({ program, config }: SeenSite): string {
  return config === null ? '' : ` # read as ${program}, by ${config}`
}

/** A text as YAML that stands on one line. */
function scalar(text: string): string {
  return stringify(text, { lineWidth: 0, singleQuote: true }).trimEnd()
}
