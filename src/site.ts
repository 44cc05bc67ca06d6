/** What the owner says of the site; every text in it is plain text. */
export interface Site {
  title: string
  description: string
  /** The owner's home page, absolute, http or https. */
  url: string
  /** BCP 47 tag such as `zh-CN`. */
  language: string
  /** IANA zone such as `Asia/Shanghai`. */
  timezone: string
  author: Author | null
  /** Absolute URL of a large square picture; readers show it for the site. */
  icon: string | null
  /** Absolute URL of a small one. */
  favicon: string | null
  /** Where its owner gets letters on paper, in lines; letters show it. */
  postalAddress: string | null
  /** Absolute URL of what it says about readers' data. */
  privacy: string | null
}

export interface Author {
  name: string
  email: string | null
  /** Absolute URL of the person's home page. */
  url: string | null
}

/** One file of the published site. */
export interface Document {
  /** Relative to the publish directory, with `/`: `feed.xml`, `page/2.html`. */
  path: string
  content: string
}
