import type { StarterId } from '#model/alerts/starters.ts'
import type { Purpose } from '#model/visit.ts'

// The demo chain: skin care and household goods, three regions of eight stores. Every store is a
// character of its own, so that comparing stores finds something.

export const CHAIN_NAME = '青禾集 Qinghe'
export const ZONE = 'Asia/Shanghai'
export const CURRENCY = 'CNY'
export const COUNTRY = 'CN'
/** Minutes after midnight at which a business day begins: the ledger's own default. */
export const CUTOFF_MINUTES = 240

export type FormatName = 'flagship' | 'standard' | 'neighbourhood'

export interface Format {
  label: string
  customers: number
  /** Median days between two visits of one customer. */
  gapDays: number
  /** Median spend of a sale, in fen. */
  spendMinor: number
  clerks: number
  /** Weights of the hours from 9 to 21. */
  hours: readonly number[]
  /** Minutes after midnight of opening and closing. */
  open: readonly [number, number]
  purposes: Readonly<Record<Purpose, number>>
}

export const FORMATS: Readonly<Record<FormatName, Format>> = {
  flagship: {
    label: '旗舰 Flagship',
    customers: 862,
    gapDays: 30,
    spendMinor: 32_800,
    clerks: 3,
    hours: [0, 3, 5, 7, 6, 7, 9, 9, 8, 8, 10, 9, 4],
    open: [600, 1320],
    purposes: {
      buy: 46,
      browse: 25,
      pickup: 4,
      return: 3,
      service: 8,
      consult: 8,
      booking: 4,
      event: 2,
    },
  },
  standard: {
    label: '标准 Standard',
    customers: 499,
    gapDays: 24,
    spendMinor: 17_600,
    clerks: 2,
    hours: [1, 4, 6, 8, 5, 4, 5, 6, 7, 9, 10, 7, 2],
    open: [570, 1320],
    purposes: {
      buy: 56,
      browse: 18,
      pickup: 8,
      return: 4,
      service: 6,
      consult: 6,
      booking: 1,
      event: 1,
    },
  },
  neighbourhood: {
    label: '社区 Neighbourhood',
    customers: 327,
    gapDays: 14,
    spendMinor: 8_900,
    clerks: 2,
    hours: [6, 8, 7, 5, 3, 2, 3, 4, 8, 10, 8, 5, 2],
    open: [540, 1290],
    purposes: {
      buy: 66,
      browse: 8,
      pickup: 14,
      return: 3,
      service: 4,
      consult: 4,
      booking: 0,
      event: 1,
    },
  },
}

/** How a store does: 1 is average for churn and spend; shares are of 1. */
export interface Character {
  churn: number
  spend: number
  identified: number
  tagging: number
}

export interface StorePlan extends Character {
  name: string
  name_en: string
  city: string
  code: string
  format: FormatName
  /** Opened this many days ago, when that lies within the demo's time. */
  openedDaysAgo?: number
  /** Fewer clerks and customers than its format has. */
  clerks?: number
  customers?: number
  /** Share of days on which nobody counted the others: those days have no rate. */
  uncounted?: number
}

export interface RegionPlan {
  name: string
  name_en: string
  stores: readonly StorePlan[]
}

type Row = [
  code: string,
  zh: string,
  en: string,
  city: string,
  format: FormatName,
  ...traits: number[],
]

function store([code, name, name_en, city, format, ...traits]: Row): StorePlan {
  const [churn = 1, spend = 1, identified = 0.6, tagging = 0.7] = traits
  return { code, name, name_en, city, format, churn, spend, identified, tagging }
}

export const REGIONS: readonly RegionPlan[] = [
  {
    name: '华东',
    name_en: 'East China',
    stores: [
      store([
        'E01',
        '上海南京西路店',
        'Shanghai West Nanjing Road',
        '上海',
        'flagship',
        0.85,
        1.15,
        0.71,
        0.88,
      ]),
      store([
        'E02',
        '上海徐家汇店',
        'Shanghai Xujiahui',
        '上海',
        'standard',
        0.95,
        1.08,
        0.66,
        0.79,
      ]),
      store([
        'E03',
        '上海张江店',
        'Shanghai Zhangjiang',
        '上海',
        'standard',
        1.0,
        1.02,
        0.58,
        0.72,
      ]),
      {
        ...store([
          'E04',
          '杭州湖滨店',
          'Hangzhou Lakeside',
          '杭州',
          'flagship',
          0.9,
          1.05,
          0.64,
          0.81,
        ]),
        uncounted: 0.03,
      },
      store(['E05', '杭州西溪店', 'Hangzhou Xixi', '杭州', 'neighbourhood', 0.7, 0.98, 0.78, 0.93]),
      store([
        'E06',
        '南京新街口店',
        'Nanjing Xinjiekou',
        '南京',
        'standard',
        1.35,
        0.93,
        0.42,
        0.45,
      ]),
      store([
        'E07',
        '苏州观前街店',
        'Suzhou Guanqian Street',
        '苏州',
        'standard',
        1.05,
        1.0,
        0.57,
        0.68,
      ]),
      store(['E08', '宁波鄞州店', 'Ningbo Yinzhou', '宁波', 'neighbourhood', 1.1, 0.9, 0.6, 0.63]),
    ],
  },
  {
    name: '华南',
    name_en: 'South China',
    stores: [
      store(['S01', '广州天河店', 'Guangzhou Tianhe', '广州', 'flagship', 1.0, 1.1, 0.55, 0.7]),
      store([
        'S02',
        '广州北京路店',
        'Guangzhou Beijing Road',
        '广州',
        'standard',
        1.15,
        0.97,
        0.5,
        0.6,
      ]),
      store(['S03', '深圳罗湖店', 'Shenzhen Luohu', '深圳', 'standard', 0.8, 1.25, 0.69, 0.84]),
      store([
        'S04',
        '深圳科技园店',
        'Shenzhen Science Park',
        '深圳',
        'neighbourhood',
        0.95,
        1.05,
        0.63,
        0.74,
      ]),
      {
        ...store(['S05', '佛山祖庙店', 'Foshan Zumiao', '佛山', 'standard', 1.6, 0.85, 0.36, 0.31]),
        uncounted: 0.12,
      },
      store([
        'S06',
        '厦门中山路店',
        'Xiamen Zhongshan Road',
        '厦门',
        'standard',
        0.9,
        1.0,
        0.67,
        0.8,
      ]),
      {
        ...store([
          'S07',
          '福州东街口店',
          'Fuzhou Dongjiekou',
          '福州',
          'neighbourhood',
          1.0,
          0.92,
          0.61,
          0.66,
        ]),
        openedDaysAgo: 210,
        clerks: 1,
        customers: 190,
      },
      store([
        'S08',
        '南宁朝阳店',
        'Nanning Chaoyang',
        '南宁',
        'neighbourhood',
        1.2,
        0.82,
        0.52,
        0.55,
      ]),
    ],
  },
  {
    name: '华北',
    name_en: 'North China',
    stores: [
      store(['N01', '北京三里屯店', 'Beijing Sanlitun', '北京', 'flagship', 1.1, 1.2, 0.52, 0.62]),
      store(['N02', '北京西单店', 'Beijing Xidan', '北京', 'standard', 1.0, 1.06, 0.59, 0.7]),
      store(['N03', '北京望京店', 'Beijing Wangjing', '北京', 'standard', 0.88, 1.04, 0.68, 0.77]),
      store([
        'N04',
        '天津滨江道店',
        'Tianjin Binjiang Road',
        '天津',
        'standard',
        1.05,
        0.95,
        0.56,
        0.64,
      ]),
      store([
        'N05',
        '青岛台东店',
        'Qingdao Taidong',
        '青岛',
        'neighbourhood',
        0.75,
        0.94,
        0.74,
        0.9,
      ]),
      store([
        'N06',
        '济南泉城路店',
        'Jinan Quancheng Road',
        '济南',
        'standard',
        1.25,
        0.9,
        0.47,
        0.5,
      ]),
      store([
        'N07',
        '石家庄长安店',
        'Shijiazhuang Chang’an',
        '石家庄',
        'standard',
        1.4,
        0.86,
        0.4,
        0.38,
      ]),
      {
        ...store([
          'N08',
          '太原柳巷店',
          'Taiyuan Liuxiang',
          '太原',
          'neighbourhood',
          0.92,
          0.88,
          0.65,
          0.71,
        ]),
        openedDaysAgo: 330,
        clerks: 1,
        customers: 240,
      },
    ],
  },
]

export interface TagGroupPlan {
  label: string
  label_en: string
  required: boolean
  /** Of customers of a store with average tagging, how many have one at all. */
  share: number
  /** Up to how many a customer has. */
  most: number
  tags: readonly (readonly [zh: string, en: string, weight: number])[]
}

export const TAG_GROUPS: readonly TagGroupPlan[] = [
  {
    label: '肤质',
    label_en: 'Skin type',
    required: true,
    share: 1,
    most: 1,
    tags: [
      ['干性', 'Dry', 24],
      ['油性', 'Oily', 20],
      ['混合', 'Combination', 30],
      ['敏感', 'Sensitive', 18],
      ['中性', 'Normal', 8],
    ],
  },
  {
    label: '偏好',
    label_en: 'Preferences',
    required: false,
    share: 0.8,
    most: 3,
    tags: [
      ['香氛', 'Fragrance', 14],
      ['防晒', 'Sun care', 16],
      ['护发', 'Hair care', 12],
      ['彩妆', 'Make-up', 16],
      ['男士护理', "Men's care", 7],
      ['天然成分', 'Natural ingredients', 12],
      ['限量款', 'Limited editions', 6],
      ['礼盒', 'Gift sets', 9],
      ['试用装', 'Trial sizes', 8],
    ],
  },
  {
    label: '家庭',
    label_en: 'Household',
    required: false,
    share: 0.45,
    most: 2,
    tags: [
      ['有宝宝', 'Has a baby', 18],
      ['有学龄儿童', 'School children', 20],
      ['有宠物', 'Has a pet', 22],
      ['与父母同住', 'Lives with parents', 12],
      ['情侣', 'Couple', 16],
      ['独居', 'Lives alone', 12],
    ],
  },
  {
    label: '来源',
    label_en: 'Came through',
    required: false,
    share: 0.6,
    most: 1,
    tags: [
      ['路过', 'Walked by', 30],
      ['朋友推荐', 'A friend', 24],
      ['小红书', 'Xiaohongshu', 16],
      ['抖音', 'Douyin', 10],
      ['商场活动', 'Mall event', 9],
      ['公司团购', 'Company order', 5],
      ['会员日', "Members' day", 4],
      ['旧会员', 'Old member card', 2],
    ],
  },
]

export const TIERS = ['普通', '银卡', '金卡', '黑金'] as const
/** Spend of the last year from which the next tier begins, in fen. */
export const TIER_STEPS_MINOR = [50_000, 200_000, 500_000] as const

export const NEEDS = ['送礼', '补货', '换季护肤', '敏感期用品', '旅行装', '给孩子', '防晒', '礼盒']
export const VISIT_NOTES = [
  '想要的色号缺货，到货后通知',
  '问了下月会员日的活动',
  '给妈妈挑生日礼物',
  '上次的精华觉得偏油，换了清爽型',
  '带了朋友一起来',
  '赶时间，下次再试新品',
  '试了新香，喜欢木质调',
  '要求把小票发到邮箱',
  'Asked for the ingredients in English',
  '退了一瓶，泵头坏了，已道歉',
]
export const CUSTOMER_NOTES = [
  '对酒精过敏，推荐前先看成分',
  '喜欢安静，不要主动推销',
  '习惯周末下午来',
  '说话快，喜欢直接看新品',
  '听力不好，请慢慢说',
  'Prefers to be spoken to in English',
]

/** When a tablet was last heard of, counted back from the making of the demo. */
export type LastSeen =
  | { minutesAgo: number }
  /** A wall-clock time, so many days before yesterday. */
  | { daysBefore: number; minutes: number }
  | 'never'

export interface TabletPlan {
  name: string
  seen: LastSeen
  revoked?: boolean
  /** Minutes without a network at a time: visits wait that long at most. */
  darkMinutes?: number
  /** Records on it that had not been sent when it was last heard of. */
  unsent?: number
}

/** Tablets that are not as most: each state of the sync page has one. */
export const TABLETS: Readonly<Record<string, readonly TabletPlan[]>> = {
  E01: [
    { name: '柜台平板 1', seen: { minutesAgo: 2 } },
    { name: '柜台平板 2', seen: { minutesAgo: 6 } },
    { name: '旧平板', seen: { daysBefore: 60, minutes: 1100 }, revoked: true },
  ],
  E06: [{ name: '柜台平板', seen: { minutesAgo: 47 }, unsent: 3, darkMinutes: 60 }],
  S01: [
    { name: '柜台平板 1', seen: { minutesAgo: 4 } },
    { name: '柜台平板 2', seen: { minutesAgo: 95 } },
  ],
  S05: [{ name: '柜台平板', seen: { daysBefore: 5, minutes: 1085 }, unsent: 6, darkMinutes: 240 }],
  N01: [
    { name: '柜台平板 1', seen: { minutesAgo: 1 } },
    { name: '柜台平板 2', seen: 'never' },
  ],
  N07: [{ name: '柜台平板', seen: { daysBefore: 0, minutes: 790 }, unsent: 2, darkMinutes: 150 }],
}
export const USUAL_TABLET_NAME = '柜台平板'
/** A store whose tablet tried to write in the name of somebody who works elsewhere. */
export const REFUSING_STORE = 'E06'

/** What headquarters wants to hear of, and what it calls it. */
export const RULES: readonly [starter: StarterId, name: string][] = [
  ['visits-slide', '到店慢慢下滑'],
  ['visits-drop', '到店突然下跌'],
  ['identified-low', '识别率低于同类门店'],
  ['lost-high', '流失率高于同类门店'],
  ['second-visit-low', '二次到店率低于同类门店'],
  ['new-slide', '新客慢慢变少'],
  ['second-visit-high', '二次到店率出众的门店'],
]
