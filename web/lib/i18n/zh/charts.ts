// What every chart says besides its data; the shape is that of `ChartWords` in web/lib/charts.
export const charts = {
  view: '查看方式',
  chart: '图',
  table: '表格',
  download: '下载 CSV',
  noData: '暂无数据',
  notYet: '尚未到期',
  above: '高于界限',
  below: '低于界限',
  more: (hidden: number) => `此处只画首尾各 8 项，另有 ${hidden} 项见表格。`,
}
