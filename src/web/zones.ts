import { isZoneName } from '../schedule.ts'

/** Names under which readers look for zones that some versions of Node list as they were called before. */
const RENAMED: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Louisville': 'America/Kentucky/Louisville',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
}

/** The IANA zones that this machine lists, under the names of today where it knows them, sorted. */
export function listedZones(): string[] {
  const names = Intl.supportedValuesOf('timeZone').map((name) => {
    const today = RENAMED[name]
    return today !== undefined && isZoneName(today) ? today : name
  })
  return [...new Set([...names, 'UTC'])].sort()
}
