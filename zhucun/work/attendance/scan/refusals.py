"""Why a file or a page is not taken, in sentences a village cadre understands."""

from enum import StrEnum


class Refusal(StrEnum):
    """The reasons; tests assert the member, people read the value."""

    NOT_A_PICTURE = "不是图片或 PDF，请上传 jpg、png 或 pdf"
    HEIC = "这是苹果手机的 HEIC 照片，请在手机上转成 jpg 再上传"
    EMPTY = "文件是空的"
    TOO_HEAVY = "文件太大，请分成几次上传"
    BROKEN = "文件损坏或没有传完，打不开，请重新上传"
    TOO_LARGE = "图片太大，请用一般的拍照或扫描设置"
    TOO_SMALL = "图片太小，看不清，请发原图或重新扫描"
    LOCKED = "PDF 加了密码，请去掉密码再上传"
    NO_LEAVES = "PDF 里没有一页"
    TOO_MANY = "PDF 页数太多，请分成几次上传"
    NO_PAGE = "没有找到记录本的月页：封面、填写说明和日页不用读；是月页的，请把四周的黑色方块都拍进去"
    BLANK_LEAF = "这一页是空白的"
    FEW_MARKERS = "只看到页面的一部分，请把四周的黑色方块都拍进去"
    MIRRORED = "图片左右反了（镜像），请关掉镜像后重拍或重扫"
    TOO_SLANTED = "拍得太斜，请从正上方重拍"
    CUT = "页面没有拍全，请把整页拍进去"
    CUT_TOP_LEFT = "左上角没有拍到，请把整页拍进去"
    CUT_TOP_RIGHT = "右上角没有拍到，请把整页拍进去"
    CUT_BOTTOM_LEFT = "左下角没有拍到，请把整页拍进去"
    CUT_BOTTOM_RIGHT = "右下角没有拍到，请把整页拍进去"
    CUT_TOP = "上边没有拍到，请把整页拍进去"
    CUT_RIGHT = "右边没有拍到，请把整页拍进去"
    CUT_BOTTOM = "下边没有拍到，请把整页拍进去"
    CUT_LEFT = "左边没有拍到，请把整页拍进去"
    BLURRED = "照片抖动，看不清二维码，请把手机放稳重拍"
    NO_CODE = "看不清二维码，可能被遮住或弄脏了，请露出二维码重拍"
    TWO_CODES = "一页上有两个不同的二维码，可能两张纸叠在一起，请一张一张拍"
    NOT_OURS = "这一页不是本系统打印的，可能是别的县的记录本"
    CHANGED = "系统里这一页的人员或日期和纸上的不一致，请重新打印后再填"


JBIG2 = "扫描时用了 JBIG2 压缩，小笔迹可能被换掉，整页都要人工核对；请改用彩色或灰度（JPEG）重扫"
FADED = "扫描或复印太淡（黑白二值），淡的笔迹可能丢了；请改用彩色或灰度重扫"
RED_PEN = "有人整页用红笔填写，已照常识读；以后请用黑色或蓝色笔，红笔看起来像改动"
LOW_RESOLUTION = "图片清晰度偏低，请尽量发原图"
