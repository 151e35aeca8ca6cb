// What the library promises. Everything else may change without notice.

export { Client, request } from "./client/client.ts";
export type { ConnectionOptions } from "./client/connecting.ts";
export { ClientError, type ClientErrorCode } from "./client/errors.ts";
export type { ClientOptions, RequestOptions, Timeouts, Timing } from "./client/options.ts";
export type { ClientResponse } from "./client/response.ts";
export { type ConnectTo, parseConnectTo, parseResolve, type Resolve } from "./client/routes.ts";
export { targetAsWritten } from "./client/url.ts";
export { type Body, type BodyInit, BodyTooLargeError, BodyUsedError } from "./message/body.ts";
export { Problem, type ProblemInit, problemResponse } from "./message/problem.ts";
export type { Peer, Request } from "./message/request.ts";
export { type Handler, Response, type ResponseInit } from "./message/response.ts";
export type { PeerCertificate } from "./net/certificate.ts";
export { type ListenAddress, ListenError } from "./net/listen.ts";
export type { Pem, TlsSettings } from "./net/tls-settings.ts";
export { ProtocolError, StateError } from "./protocol/errors.ts";
export { Fields, type FieldsInit } from "./protocol/fields.ts";
export { DEFAULT_LIMITS, type Limits } from "./protocol/limits.ts";
export type { Version } from "./protocol/start-line.ts";
export type { Target } from "./protocol/target.ts";
export { FILES_METHODS, type FilesOptions, filesHandler } from "./resource/files/files.ts";
export { FORM_METHODS, type FormOptions, formHandler } from "./resource/form/form.ts";
export { KV_METHODS, type KvOptions, kvHandler } from "./resource/kv/kv.ts";
export { MOUNT_LIST_METHODS, mountListHandler } from "./resource/mount-list.ts";
export type { ListedMount } from "./resource/mount-list-page.ts";
export { PAGES_METHODS, type PagesOptions, pagesHandler } from "./resource/pages/pages.ts";
export { RECORDS_METHODS, type RecordsOptions, recordsHandler } from "./resource/records/records.ts";
export {
  type CrossOriginOptions,
  exactHostTest,
  guardHosts,
  guardOrigins,
  type HostTest,
  hostTest,
} from "./server/guard.ts";
export {
  DEFAULT_SETTINGS,
  type ExchangeRecord,
  type ServerOptions,
  type ServerSettings,
} from "./server/options.ts";
export { createRouter, type Mount } from "./server/router.ts";
export { createServer, type Server, type ServerAddress } from "./server/server.ts";
export { type StoreCode, StoreError } from "./store/errors.ts";
export { type FolderTreeOptions, openFolderTree } from "./store/folder/tree.ts";
export { type LmdbTableOptions, openLmdbTable } from "./store/lmdb/table.ts";
export { createMemoryTable, type MemoryTableOptions } from "./store/memory/table.ts";
export {
  type Change,
  type Expected,
  KEPT_CHANGES,
  type Key,
  MAX_KEY_BYTES,
  type NewRow,
  type Outcome,
  type Page,
  putRow,
  type Range,
  type Row,
  type RowInfo,
  removeRow,
  type Step,
  type StepOutcome,
  type StepResult,
  type Table,
  type Watch,
  type WatchOptions,
} from "./store/table.ts";
export type { Entry, FileInfo, FolderInfo, Info, OpenFile, Tree, TreePath } from "./store/tree.ts";
export { VERSION } from "./version.ts";
