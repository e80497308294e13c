"""What a column of a roster may hold (domain.md 3.1), and the words people use for it and in it."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from zhucun.base.directory.sheets import UNITS, VILLAGES
from zhucun.base.people.sheets import PEOPLE
from zhucun.base.web.sheets import Column, Sheet
from zhucun.overview.exchange.cells import plain
from zhucun.work.teams.sheets import POSTINGS, TEAMS


@dataclass(frozen=True)
class Target:
    """One thing a column may hold: the sheet and field it goes to, other names for it, other words for its choices."""

    key: str
    label: str
    sheet: Sheet
    field: str
    names: tuple[str, ...] = ()
    words: Mapping[str, str] = dataclasses.field(default_factory=dict)
    fills_down: bool = False

    @cached_property
    def column(self) -> Column:
        """How the ledger reads it."""
        return self.sheet.fields[self.field]

    @property
    def asks(self) -> bool:
        """Whether its words must each mean one of a few choices."""
        return bool(self.column.choices) and self.column.kind == "choice"


YES = {
    plain(word): True
    for word in ("√", "✓", "✔", "☑", "是", "有", "Y", "yes", "true", "1", "对", "v", "V", "参加过", "是的")
}
NO = {
    plain(word): False
    for word in ("×", "✗", "x", "否", "无", "没有", "N", "no", "false", "0", "不是", "-", "—", "/", "未", "未参加")
}

EDUCATION = {
    "本科": "undergraduate", "大学": "undergraduate", "全日制本科": "undergraduate", "在职本科": "undergraduate", "大本": "undergraduate",
    "大专": "college", "专科": "college", "高职": "college", "研究生": "postgraduate", "硕士研究生": "postgraduate",
    "博士研究生": "postgraduate", "在职研究生": "postgraduate", "硕士": "postgraduate", "博士": "postgraduate",
    "高中": "school", "中专": "school", "初中": "school", "中技": "school", "职高": "school",
}  # fmt: skip
POLITICAL = {
    "党员": "party", "中共正式党员": "party", "中国共产党党员": "party", "中共党员(正式)": "party", "正式党员": "party",
    "预备党员": "probationary", "中共预备": "probationary", "团员": "league", "共青团": "league",
    "民革": "democratic", "民盟": "democratic", "民建": "democratic", "民进": "democratic", "农工党": "democratic",
    "致公党": "democratic", "九三学社": "democratic", "台盟": "democratic", "无党派": "none", "无党派人士": "none", "无": "none",
}  # fmt: skip
RANK = {
    "正处": "county_chief", "正处级": "county_chief", "副处": "county_deputy", "副处级": "county_deputy",
    "正科": "section_chief", "正科级": "section_chief", "乡科级正职": "section_chief", "副科": "section_deputy",
    "副科级": "section_deputy", "科员": "staff", "一级科员": "staff", "二级科员": "staff", "办事员": "staff", "股级": "staff",
    "正股级": "staff", "一般干部": "staff", "四级主任科员": "staff", "三级主任科员": "staff", "二级主任科员": "staff",
    "一级主任科员": "staff", "专技": "technical", "专业技术": "technical", "中级职称": "technical", "工勤": "other", "职工": "other",
}  # fmt: skip
ROLE = {
    "第一书记": "first_secretary", "驻村第一书记": "first_secretary", "第一书记(队长)": "first_secretary",
    "第一书记、队长": "first_secretary", "第一书记兼工作队队长": "first_secretary", "工作队长": "leader", "工作队队长": "leader",
    "驻村工作队队长": "leader", "队员": "member", "工作队员": "member", "驻村工作队员": "member", "工作队队员": "member",
    "驻村队员": "member", "副队长": "deputy", "成员": "member",
}  # fmt: skip
VILLAGE_CLASS = {
    "示范": "model",
    "重点": "key",
    "一般": "ordinary",
    "普通村": "ordinary",
    "重点帮扶村": "key",
    "示范创建村": "model",
}
DEGREE = {"博士学位": "doctor", "硕士学位": "master", "学士学位": "bachelor", "没有": "none", "/": "none", "-": "none"}
UNIT_CLASS = {
    "经济": "economy", "经济类": "economy", "党群": "party", "党群类": "party", "政法": "justice", "政法类": "justice", "其他": "other",
    "其它": "other", "其他类": "other",
}  # fmt: skip
LEVEL = {
    "中央": "central",
    "央企": "central",
    "省级": "province",
    "省直": "province",
    "市级": "city",
    "市直": "city",
    "县级": "county",
    "县直": "county",
}
IDENTITY = {
    "行政": "civil_servant", "行政编": "civil_servant", "行政编制": "civil_servant", "参公": "reference", "参公事业": "reference",
    "参照公务员": "reference", "事业": "institution", "事业编": "institution", "事业编制": "institution", "全额事业": "institution",
    "国企": "enterprise", "企业": "enterprise", "国有企业": "enterprise",
}  # fmt: skip
SEX = {"男性": "male", "女性": "female"}

TARGETS = (
    Target("township", "乡镇（街道、管理处）", VILLAGES, "code", ("乡镇", "所在乡镇", "乡镇街道", "镇街", "乡(镇)", "派驻乡镇"), fills_down=True),
    Target("village", "驻点村（社区）", TEAMS, "village", ("驻点村", "村", "驻村", "所驻村", "派驻村", "村名", "帮扶村", "村居", "村(社区)", "驻村名称", "所在村"), fills_down=True),
    Target("category", "村类别", VILLAGES, "category", ("村分类", "村类型", "类别"), VILLAGE_CLASS, fills_down=True),
    Target("conditions", "村情", VILLAGES, "conditions", ("村情类型", "村情分类"), fills_down=True),
    Target("team", "工作队编号", TEAMS, "number", ("队编号", "工作队号"), fills_down=True),
    Target("role", "队内职务", POSTINGS, "role", ("职务", "队内职务", "驻村职务", "工作队职务", "担任职务", "身份"), ROLE),
    Target("number", "人员编号", PEOPLE, "number", ("编号", "工号")),
    Target("name", "姓名", PEOPLE, "name", ("队员姓名", "人员姓名", "名字", "驻村干部姓名")),
    Target("sex", "性别", PEOPLE, "sex", (), SEX),
    Target("ethnicity", "民族", PEOPLE, "ethnicity"),
    Target("born", "出生年月", PEOPLE, "born", ("出生日期", "出生时间", "出生", "生日")),
    Target("political", "政治面貌", PEOPLE, "political", ("是否党员", "党派"), POLITICAL),
    Target("education", "学历", PEOPLE, "education", ("文化程度", "最高学历", "学历层次"), EDUCATION),
    Target("degree", "学位", PEOPLE, "degree", ("最高学位",), DEGREE),
    Target("major", "所学专业", PEOPLE, "major", ("专业", "毕业专业")),
    Target("agriculture", "是否涉农专业", PEOPLE, "agriculture", ("涉农专业", "涉农", "涉农相关专业")),
    Target("unit", "派出单位", PEOPLE, "unit", ("工作单位", "单位", "工作单位及职务", "所在单位", "原单位", "选派单位", "派驻单位", "单位及职务", "后盾单位", "帮扶单位")),
    Target("unit_category", "单位类别", UNITS, "category", ("单位分类", "部门类别", "单位类型"), UNIT_CLASS),
    Target("unit_level", "单位层级", UNITS, "level", ("单位级别",), LEVEL),
    Target("rank", "职级", PEOPLE, "rank", ("行政级别", "级别", "职务职级", "职级情况"), RANK),
    Target("rural", "是否有农村工作经历", PEOPLE, "rural", ("农村工作经历", "农村经历", "基层工作经历", "有农村工作经历")),
    Target("poverty_relief", "是否参加过脱贫攻坚驻村", PEOPLE, "poverty_relief", ("脱贫攻坚驻村", "脱贫攻坚经历", "参加过脱贫攻坚", "是否参加脱贫攻坚", "脱贫攻坚驻村帮扶")),
    Target("skills", "特长", PEOPLE, "skills", ("技能特长", "个人特长", "专长")),
    Target("id_number", "身份证号码", PEOPLE, "id_number", ("身份证", "身份证号", "公民身份号码", "证件号码")),
    Target("phone", "联系电话", PEOPLE, "phone", ("电话", "手机", "手机号", "手机号码", "联系方式", "本人电话")),
    Target("native_place", "籍贯", PEOPLE, "native_place", ("出生地",)),
    Target("start", "到村时间", POSTINGS, "start", ("到任日期", "驻村时间", "到任时间", "进驻时间", "派驻时间", "任职时间", "到村日期", "驻村起始时间", "入村时间")),
    Target("party_joined_on", "入党时间", PEOPLE, "party_joined_on", ("入党日期", "入党年月", "加入党组织时间")),
    Target("school", "毕业院校", PEOPLE, "school", ("毕业学校", "院校", "毕业院校系")),
    Target("post", "工作职务", PEOPLE, "post", ("原单位职务", "现任职务", "单位职务", "行政职务")),
    Target("title", "专业技术职务", PEOPLE, "title", ("职称", "专业技术职称")),
    Target("identity", "人员身份", PEOPLE, "identity", ("编制", "编制性质", "人员性质"), IDENTITY),
    Target("address", "家庭住址", PEOPLE, "address", ("住址", "家庭地址", "现住址")),
    Target("bank", "开户行", PEOPLE, "bank", ("开户银行",)),
    Target("bank_card", "银行卡号", PEOPLE, "bank_card", ("卡号", "银行账号", "工资卡号")),
    Target("emergency", "紧急联系人及电话", PEOPLE, "emergency", ("紧急联系人", "家属联系电话")),
    Target("duties", "分管/分工", POSTINGS, "duties", ("分工", "工作分工", "分管工作")),
    Target("party_transferred", "党组织关系是否转入", POSTINGS, "party_transferred", ("组织关系是否转入", "党组织关系", "组织关系转入")),
    Target("document", "任职文件文号", POSTINGS, "document", ("文号", "文件号", "任职文号", "任职文件")),
)  # fmt: skip
BY_KEY = {target.key: target for target in TARGETS}
NEEDED = ("village", "name", "unit")

UNIT_CLUES = {
    "economy": "财政 发改 发展和改革 农业 农村 商务 交通 水利 住建 住房 工信 科技 自然资源 林业 税务 统计 审计 市场监督 国资 银行 供销 "
    "文旅 烟草 电力 供电 经济 招商 乡村振兴 城投 粮食 畜牧 国土".split(),
    "party": "组织部 宣传部 统战部 纪委 监委 妇联 团委 工会 党校 机关工委 县委 市委 省委 政协 人大 编办 老干 档案 党史 文联 科协 工商联 残联".split(),
    "justice": "公安 法院 检察 司法 政法 信访".split(),
}  # fmt: skip
"""Words in a unit's name that tell its kind; only a proposal that somebody confirms."""
