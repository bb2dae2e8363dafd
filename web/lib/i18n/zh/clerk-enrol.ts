// Making a tablet a device of a store, and its first download.
export const enrol = {
  title: '把这台设备登记到门店',
  what: '登记后，这台设备会存下本店的顾客名单，没有网络也能接待；记下的内容会自动送到总部。',
  where: '登记码在总部的“设备”页面生成，24 小时内有效。',
  code: '登记码',
  submit: '登记这台设备',
  wrong: '登记码不对、已用过或已过期。请核对，或请总部重新生成。',
  tooMany: '试得太频繁，请过几分钟再试。',
  offline: '登记需要联网一次。请先连上网络，登记后离线也能使用。',
  server: '总部暂时连不上，请稍后再试。',
  signInPage: '当前网络要求先登录（例如商场 Wi-Fi）。请先在浏览器里完成网络登录。',
  storage: '本机无法存放数据。请关闭无痕模式，或腾出存储空间后重试。',
  manager: '我管理门店',
  managerHint: '区域经理与总部在这里登录',
  evicted: '本机的数据被浏览器清除了',
  evictedHint:
    '长时间未使用或存储空间不足时，浏览器会清除数据。请重新登记；为避免再次发生，请把熟客添加到主屏幕。',
  revoked: '这台设备已被总部停用',
  revokedHint:
    '不再显示顾客资料。未上传的内容连上网络后会自动交回，也可以在“同步”页面导出；交回后清除本机的顾客资料。',
  emptied: '这台设备上记下的内容都已送到总部，本机的顾客资料已清除。',
  again: '这台设备需要重新登记',
  againHint: '未上传的内容仍在本机；用新的登记码重新登记后会一起上传，也可以在“同步”页面导出。',
  download: {
    title: '首次下载',
    preparing: '正在准备本店的名单',
    progress: (done: string, total: string) => `已接收 ${done} / ${total} 位顾客`,
    bytes: (size: string) => `共 ${size}`,
    paused: '网络断开，下载停在这里；连上后自动继续，不会从头开始。',
  },
}
