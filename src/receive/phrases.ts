/** What the words of a mail server mean for a bounce. */
export type Meaning = 'gone' | 'policy' | 'passing'

/** Nobody is there: no such mailbox, no such domain, or an account that was closed. */
const GONE = phrases([
  'user(?: is)? unknown|unknown (?:user|recipient|address|mailbox|account|local[ -]part|host|domain)',
  '(?:recipient|address|mailbox|host|addressee)(?: is)? unknown|unknown to (?:us|this)|unknown or illegal alias',
  'no such (?:user|recipient|mailbox|account|address|person|domain|local user|e?-?mail)',
  '(?:user|recipient|mailbox|account|address|inbox)(?: name| id)?(?: was| is|:)? (?:not found|not known|nonexistent|non-existent)',
  '(?:address|account|user|recipient|person)(?: \\S+)? (?:could not|couldn.t|was not|wasn.t) (?:be )?found',
  '(?:user|recipient|mailbox|account|address|alias|inbox|person|domain|host)\\b[^.;]{0,80} (?:does not|doesn.t|did not) exist',
  '(?:user|mailbox|account|address)[^.;]{0,60} no longer (?:exists?|valid|active|available|in use|accepts mail)',
  '(?:non-?existent|not a (?:valid|known|local)) (?:user|mailbox|recipient|account|address)',
  '(?:user|recipient|address|mailbox)[^.;]{0,40} is (?:not (?:a )?(?:valid|known|listed|local)|invalid)(?! sender)',
  '(?:invalid|bad destination) (?:recipient|mailbox|user|address|local part)|bad destination mailbox',
  'not listed in (?:the )?(?:domi|public|address)|does(?: not|n.t) have an? [^.;]{0,40}account',
  'no (?:mailbox|account|user|one|recipient)s?(?: here| found| exists?)? (?:here|by that name|with (?:this|that)|matching)',
  'isn.t (?:a valid|an? (?:known|existing)) (?:user|mailbox|address)|this user doesn.t',
  '(?:account|mailbox|user|inbox|address)[^.;]{0,60}(?:has been|was|is|are|being) (?:currently )?(?:disabled|deleted|closed|suspended|deactivated|terminated|discontinued|inactive|not active|expired|removed)',
  '(?:disabled|inactive|closed|deactivated|suspended|expired|cancelled) (?:user|mailbox|account|recipient)|(?:user|account|mailbox) (?:disabled|inactive|closed|suspended|expired|terminated)',
  '(?:mailbox|account) (?:currently )?not (?:active|enabled)|not our customer|no valid recipients?',
  '(?:host|domain)(?: name)?(?: was)? not found|(?:no such|unrouteable mail) (?:host|domain)|nxdomain|domain (?:is )?(?:invalid|has no mail|does not accept mail)|null mx',
  '(?:用户|用戶|收件人|地址|邮箱|郵箱|信箱|账号|帐号|账户|帳號|帳戶|域名)[^。；;]{0,60}(?:不存在|不正确|无法找到|找不到|未找到|被禁用|已停用|已注销|被冻结)',
  '(?:无|無|没有|沒有|查无)(?:此|该|這個|这个)(?:用户|用戶|收件人|邮箱|信箱|账号|人)|(?:不存在|无效)的?(?:用户|收件人|邮箱|地址)',
  '(?:ユーザ|宛先|アドレス|受信者|メールボックス)[^。]{0,40}(?:存在しません|見つかりません|不明)|사용자[^.]{0,20}(?:없|찾을 수)|존재하지 않',
  '(?:empfänger|benutzer|adresse|postfach)[^.;]{0,60}(?:unbekannt|existiert nicht|nicht gefunden|nicht vorhanden)|unbekannter? (?:empfänger|benutzer)',
  '(?:utilisateur|destinataire|adresse|compte)[^.;]{0,60}(?:inconnue?|n.existe pas|introuvable)|(?:usuario|destinatario|dirección|cuenta|buzón)[^.;]{0,60}(?:desconocid[oa]|no existe|no encontrad[oa])',
  '(?:utente|destinatario|indirizzo|casella)[^.;]{0,60}(?:sconosciut[oa]|non esiste|inesistente|non trovat[oa])|(?:usuário|destinatário|endereço|conta)[^.;]{0,60}(?:desconhecid[oa]|não existe|não encontrad[oa]|inexistente)',
  '(?:пользовател|адрес|ящик|получател)\\S*[^.;]{0,60}(?:не существует|не найден|неизвестен)|нет такого (?:пользователя|ящика)',
])

/** A 55x reply makes sure of what these leave open. */
const GONE_WITH_REPLY = phrases(['mailbox (?:is )?(?:currently )?unavailable', 'invalid address', '邮箱不可用'])
const FINAL_REPLY = /(?<![\d.])55[0-4](?![\d.]*\d)/

/** Something is held against the letter, its sender or its way. */
const POLICY = phrases([
  '\\bspam|\\bjunk|\\buce\\b|\\bunsolicited|\\bvirus|\\bmalware|\\bphish|\\bunwanted|\\bbulk mail',
  'black-? ?list|block-? ?list|\\bblocked\\b|\\bdns ?[br]l\\b|\\brbl\\b|\\breputation|\\bbanned\\b|\\bblocking\\b',
  '\\bdmarc|\\bspf\\b|\\bdkim|unauthenticated|\\bpolic(?:y|ies)\\b|\\bprohibited|administrative(?:ly)? (?:prohibit|lock|reject)',
  'content (?:was |is |has been )?(?:denied|rejected|refused|not accept)|(?:offensive|suspicious|forbidden) content|rejected due to content',
  'gr[ea]y-?list|rate[ -]limit|(?:daily|hourly|sending|relay) (?:\\w+ )?(?:quota|limit)|throttl|too many (?:connections|messages|recipients|mails)|frequency limit',
  'relay(?:ing)?\\b[^.;]{0,40}(?:denied|not (?:permitted|allowed)|prohibited|disabled|refused)|unable to relay|not an? (?:open )?relay|allowed rcpthosts|cannot relay|no relay|authenti(?:cation|cate) (?:is )?required|must (?:first )?authenticate',
  'not (?:authori[sz]ed|allowed|permitted)|not accepting (?:mail|messages) from|only accepts (?:mail|messages)|restricted|permission',
  'sender(?: address| domain| verify| id| email)?\\b[^.;]{0,40}(?:reject|denied|fail|unknown|not (?:found|exist|valid|accept)|invalid|doesn.t|does not)|invalid sender|verif(?:y|ication) failed',
  '\\bhelo\\b|\\behlo\\b|reverse (?:dns|lookup)|\\bptr\\b|client host rejected|message (?:was |has been |is )?(?:rejected|refused) (?:by|as|for|because|due)',
  '垃圾|拒收|黑名单|黑名單|反垃圾|频率|頻率|违规|病毒|屏蔽|被拒绝|スパム|迷惑メール|受信拒否|спам',
])

/** No room, whatever else is said of it. */
const FULL = phrases([
  '(?:mail ?box|mail ?folder|inbox|account|user|disk|storage|mail)[^.;]{0,40}(?:\\bfull\\b|over quota|quota exceeded|exceeded (?:its|the|their|his)? ?(?:quota|storage|disk))|mailbox quota',
])

/** Nothing final: no room, too large, not now. */
const PASSING = phrases([
  '(?:mail ?box|mail ?folder|inbox|quota|account|disk|storage|drop|file ?system|spool)[^.;]{0,40}(?:\\bfull\\b|exceed|exhausted|over (?:quota|limit))',
  'over[ -]?quota|quota (?:has been |is |would be )?(?:exceed|exhaust|reached|violat)|exceed(?:s|ed|ing)?[^.;]{0,40}(?:quota|storage|size|limit|space)|out of (?:storage|space|disk)',
  '(?:insufficient|not enough|no)\\b[^.;]{0,20}(?:storage|space|disk|room)|(?:too (?:large|big))|(?:size|message) (?:limit|exceed)|\\bfull mailbox',
  '(?<!im)possible mail loop|\\bloop(?:s|ing)?\\b|too many hops|hop count|receiving mail (?:at a rate|too)|too quickly|temporar(?:y|ily)|try(?:ing)? again later|retry later|later time',
  'tim(?:ed|e) ?out|connection (?:refused|dropped|reset|lost|failed)|access denied|system (?:error|problem)|resources|over(?:loaded| limit)|service unavailable|i couldn.t find a host|lookup fail|host not found[,;]? try',
  '(?:邮箱|郵箱|信箱|空间|空間|容量|存储|收件箱)[^。；;]{0,40}(?:已满|已滿|满了|不足|超(?:过|出|限|額|额)|滿)|超出?(?:容量|限额|配额)|暂时|稍后',
  '(?:メールボックス|容量)[^。]{0,40}(?:一杯|いっぱい|超え|超過|不足)|용량[^.]{0,20}초과|가득',
  '(?:postfach|speicherplatz|kontingent)[^.;]{0,40}(?:voll|überschritten|erschöpft)|bo[iî]te[^.;]{0,40}pleine|quota dépassé|buzón[^.;]{0,40}lleno|cuota[^.;]{0,20}excedida|casella[^.;]{0,40}piena|caixa[^.;]{0,40}cheia|переполнен|превышен',
])

/** A sentence that guesses or advises is no finding. */
const HEDGED = phrases([
  '\\b(?:may|might|maybe|perhaps|possibly|probably|could be|either|typically|usually|please (?:check|verify|make sure|contact|ensure)|if (?:you|the|this|your|it))\\b',
  '可能|如果|若|请(?:检查|确认|核对|核实)|建议|是否|或者',
])

/** Names of hosts and addresses, which may be made of any words. */
const NAMES =
  /https?:\/\/\S+|<[^<>\s]{1,300}>|[\w.+=-]{1,80}@[\w.-]{1,255}|\b[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){0,8}\.[a-z]{2,24}(?![\w.])/gi

/** Characters of a report that are looked at. */
const LONGEST = 20_000

/** What the words of a server mean; null when they say nothing that is sure. What speaks against `gone` goes first. */
export function meaningOf(words: string): Meaning | null {
  const text = words.slice(0, LONGEST).replace(NAMES, ' ').replace(/\s+/g, ' ')
  if (FULL.test(text)) return 'passing'
  if (POLICY.test(text)) return 'policy'
  if (PASSING.test(text)) return 'passing'
  if (GONE.test(text)) return 'gone'
  return FINAL_REPLY.test(text) && GONE_WITH_REPLY.test(text) ? 'gone' : null
}

/** Text of a report without its sentences that guess or advise. */
export function findingsOf(text: string): string {
  const sentences = text.slice(0, LONGEST).split(/(?<=[.!?])\s+(?=\p{Lu})|\n\s*\n|(?<=[。！？；])/u)
  return sentences.filter((sentence) => !HEDGED.test(sentence)).join('\n')
}

function phrases(list: readonly string[]): RegExp {
  return new RegExp(list.join('|'), 'iu')
}
