// Surnames by how frequent they are, in three groups, and characters of given names. The rare ones
// hold surnames that are read differently from the same character elsewhere (单 shan, 仇 qiu).
export const SURNAMES_FREQUENT = '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹'
export const SURNAMES_USUAL =
  '彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤'
export const SURNAMES_RARE = [
  ...'单仇区解查盖朴乐华翟缪种员冼尤宁瞿柏卜应隋焦岳鲍涂祝',
  '欧阳',
  '上官',
  '司马',
  '诸葛',
  '尉迟',
  '令狐',
  '长孙',
  '万俟',
  '单于',
  '司徒',
]

export const GIVEN_WOMEN =
  '芳娜敏静丽艳娟霞燕玲桂英慧萍红玉兰梅莉莹雪琳晶妍茜秋珊莎锦黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓纨仪荷丹蓉眉君琴蕊薇菁梦岚苑婕馨瑗琰韵融园艺咏卿聪澜纯毓悦昭冰爽琬茗羽希欣飘育滢馥筠柔竹霭凝晓欢霄枫芸菲寒伊亚宜可姬舒影荔枝思'
export const GIVEN_MEN =
  '伟强磊军洋勇杰涛明超辉刚鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林欢佳阳建亮成畅峰建博瑞志昊天泽晨辰士以睿轩皓宸恒毅哲承启铭家良海山仁波义兴生永康武新利清厚庆安民彬富顺信子胜学祥才发利锐平保东文楠榕航弘'

export const WESTERN_WOMEN = [
  'Emma',
  'Olivia',
  'Sophie',
  'Anna',
  'Laura',
  'Marie',
  'Clara',
  'Julia',
  'Nina',
  'Elena',
  'Chloé',
  'Zoë',
  'Ingrid',
  'Hannah',
  'Grace',
  'Lucy',
  'Alice',
  'Helen',
  'Rachel',
  'Irene',
]
export const WESTERN_MEN = [
  'Liam',
  'Noah',
  'James',
  'Oliver',
  'Lucas',
  'Daniel',
  'David',
  'Thomas',
  'Martin',
  'Peter',
  'Jürgen',
  'Søren',
  'André',
  'Mark',
  'Simon',
  'Paul',
  'Victor',
  'Henry',
  'Leo',
  'Adam',
]
export const WESTERN_SURNAMES = [
  'Smith',
  'Miller',
  'Brown',
  'Wilson',
  'Taylor',
  'Martin',
  'Schmidt',
  'Weber',
  'Rossi',
  'Dubois',
  'García',
  'López',
  'Novák',
  'Kowalska',
  'Jensen',
  'Andersson',
  "O'Brien",
  'MacDonald',
  'Silva',
  'Tanaka',
  'Suzuki',
  'Park',
  'Nguyen',
  'Singh',
  'Ivanova',
  'de Vries',
  'van den Berg',
  'Lee',
]
