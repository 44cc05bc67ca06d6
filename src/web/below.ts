import { getPath } from 'hono/utils/url'

/** A path of ours as it is below the address of the server. */
const OUR_PATH = /^\/(?:[ucp]\/[\da-z]{1,11}\.[\w-]{22}|subscribe|healthz|metrics)$/

/** A proxy may take the path of the address away or leave it: both are understood. */
export function pathBelow(url: string): (request: Request) => string {
  const base = getPath(new Request(url))
  return (request) => {
    const path = getPath(request)
    return OUR_PATH.test(path) || !path.startsWith(base) ? path : path.slice(base.length - 1)
  }
}
