// Words of what the desk does to one customer as a whole: another home, or being forgotten.
export const customer = {
  act: (name: string) => `办理：${name}`,
  column: '办理',
  move: {
    title: '改归属门店',
    text: '从今天起算作新门店的顾客，以前的数字不变；资产表里记一笔转出、一笔转入。',
    to: '新的归属门店',
    choose: '请选择门店',
    missing: '请先选择门店',
    confirm: '改归属',
    done: (name: string, store: string) => `${name} 现在归属${store}`,
  },
  erase: {
    title: '按本人要求删除',
    text: '只在顾客本人要求时使用，删除后不能恢复。',
    act: '删除个人资料…',
    ask: (name: string) => `删除 ${name} 的个人资料？`,
    points: {
      gone: '姓名、电话、卡号、邮箱、生日、备注和同意记录都会删除，以前各条操作里写下的内容也一并清空。',
      kept: '到店日期、金额和标签以无法对应到本人的代号保留，所以以往的数字和已结的账不变；从今天起不再算作顾客。',
      tablets: '各店的平板在下一次同步时删除这位顾客。',
    },
    confirm: '确认删除',
    done: '个人资料已删除',
  },
}
