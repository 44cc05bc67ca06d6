import type { Counts } from '../remember/metrics.ts'

/** The media type of the text that `renderMetrics` makes. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** How often a route was answered with a status. */
export interface RequestCount {
  route: string
  status: number
  count: number
}

/** Counts requests since the process began. */
export class RequestCounts {
  readonly #counts = new Map<string, RequestCount>()

  /** @param route a pattern such as `/u/:token`; never a path that a client wrote, as each becomes a row for good */
  count(route: string, status: number): void {
    const key = `${status} ${route}`
    const known = this.#counts.get(key) ?? { route, status, count: 0 }
    this.#counts.set(key, { ...known, count: known.count + 1 })
  }

  /** All counts, by route and status. */
  list(): RequestCount[] {
    return [...this.#counts.values()].sort((a, b) =>
      a.route < b.route ? -1 : a.route > b.route ? 1 : a.status - b.status,
    )
  }
}

/** Numbers of one name. */
interface Family {
  name: string
  type: 'gauge' | 'counter'
  help: string
  samples: Sample[]
}

interface Sample {
  labels?: Record<string, string>
  value: number
}

/** What Prometheus reads: text of the exposition format 0.0.4, times in seconds. */
export function renderMetrics(counts: Counts, requests: readonly RequestCount[]): string {
  const families = [...siteFamilies(counts), ...runFamilies(counts.lastRun), requestFamily(requests)]
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(familyText)
    .join('')
}

function siteFamilies(counts: Counts): Family[] {
  return [
    gauge('entries', 'Entries that feeds and pages may show.', [{ value: counts.entries }]),
    gauge('sources_with_problems', 'Sources of which something is set aside.', [{ value: counts.sourcesWithProblems }]),
    gauge(
      'subscribers',
      'Subscribers by state, and by why nothing is mailed to the address.',
      Object.entries(counts.subscribers).flatMap(([state, reasons]) =>
        Object.entries(reasons).map(([suppressed, value]) => ({ labels: { state, suppressed }, value })),
      ),
    ),
    gauge(
      'letters',
      'Letters of digests by state.',
      Object.entries(counts.letters).map(([state, value]) => ({ labels: { state }, value })),
    ),
    gauge('letters_due', 'Letters that a run would try to send now.', [{ value: counts.lettersDue }]),
  ]
}

function runFamilies(run: Counts['lastRun']): Family[] {
  if (run === null) return []
  return [
    gauge('last_run_end_timestamp_seconds', 'When the last run ended, in seconds since 1970.', [
      { value: run.endedAt / 1000 },
    ]),
    gauge('last_run_duration_seconds', 'How long the last run took.', [{ value: run.durationMs / 1000 }]),
    gauge('last_run_exit_code', 'Exit code of the last run; 0 when all went well, 3 when something was set aside.', [
      { value: run.exitCode },
    ]),
  ]
}

function requestFamily(requests: readonly RequestCount[]): Family {
  return {
    name: 'http_requests_total',
    type: 'counter',
    help: 'Requests answered since the start, by route and status.',
    samples: requests.map(({ route, status, count }) => ({ labels: { route, status: String(status) }, value: count })),
  }
}

function gauge(name: string, help: string, samples: Sample[]): Family {
  return { name, type: 'gauge', help, samples }
}

function familyText({ name, type, help, samples }: Family): string {
  const whole = `feedwire_${name}`
  const lines = samples.map(({ labels = {}, value }) => `${whole}${labelsText(labels)} ${value}`)
  return [`# HELP ${whole} ${help}`, `# TYPE ${whole} ${type}`, ...lines, ''].join('\n')
}

function labelsText(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(text: string): string {
  return text.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))
}
