"""/access/: signing in and out."""

from django.urls import path

from . import views

app_name = "access"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("locked/", views.locked_out, name="locked_out"),
    path("password/", views.change_password, name="change_password"),
]
