/** Names of front matter, in lower case; the first that holds a date wins. `:path` is what the path tells. */
export const DATE_FIELDS: readonly string[] = [
  ...['date', 'publishdate', 'publish_date', 'pubdate', 'pub_date', 'pubdatetime', 'published', 'publishedat'],
  ...['published_at', 'publishedon', 'publishedtime', 'date_published', 'datepublished', 'publishtime'],
  ...['publisheddate', 'publicationdate'],
  ...[':path', 'created', 'created_at', 'createdat', 'createtime', 'create_time', 'date created', 'date_created'],
  ...['datecreated', 'date-created', 'created_date', 'createddate', 'created-at', 'createdon'],
  ...['creation_date', 'created time', 'createdate', 'posted', 'postdate'],
  ...['time', 'datetime', 'timestamp', 'added', 'dateadded', 'releasedate'],
]
/** Those that say when an article was changed. */
export const UPDATED_FIELDS: readonly string[] = [
  ...['updated', 'lastmod', 'modified', 'last_modified_at', 'last_modified', 'lastmodified', 'updated_at', 'updatedat'],
  ...['updateddate', 'updated_date', 'update_date', 'moddatetime', 'modifieddate', 'modified_at', 'date_modified'],
  ...['datemodified', 'dateupdated', 'date updated', 'date modified', 'lastupdated', 'last_updated', 'updatetime'],
  ...['update_time', 'updatedate', 'updatedatetime', 'lastmodifiedat', 'updated time', 'update', 'edited'],
  ...['date-modified', 'updated-at'],
]
