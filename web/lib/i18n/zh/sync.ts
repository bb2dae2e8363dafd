// The one glossary of sync. No word for “error”, no jargon: each says what is true of the record or
// the tablet, and what happens next. Times and counts arrive already formatted.
export const sync = {
  record: {
    saved: '已存本机',
    sending: '上传中',
    sent: '已送达',
    waiting: (count: number) => `${count} 条待上传`,
    merged: '已合并总部改动',
    decision: '需要您确认',
    refused: (reason: string) => `未被接受：${reason}`,
  },
  tablet: {
    upToDate: (time: string) => `已是最新 · ${time}`,
    receiving: (done: string, total: string) => `接收中 ${done}/${total}`,
    offline: '离线，可照常使用',
    retrying: '总部暂时连不上，自动重试',
    behind: (when: string) => `数据停在${when}`,
    firstUnfinished: '首次同步未完成',
  },
  device: {
    fresh: '正常',
    quiet: '静默',
    stale: '超时',
    missing: '失联',
    never: '从未同步',
    revoked: '已停用',
    unknown: '未知',
  },
}
